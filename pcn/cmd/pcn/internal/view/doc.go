// Package view shows a run to people: live on a page that a browser opens
// (-view), and afterwards as report.html in the run's folder.
//
// A [Hub] receives what happens: the events of the run, which are the lines of
// metrics.jsonl, and the batches between them. It keeps a bounded extract and
// never waits for anybody. A [Server] hands the extract to browsers, first the
// whole and then what changes; a report is the same page with the extract
// inside. So there is one program that draws, under assets, and it draws from
// one kind of data.
package view
