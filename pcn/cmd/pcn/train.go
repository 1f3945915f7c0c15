package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/gopcn/gopcn/pcn"
)

func trainHelp(w io.Writer) {
	fmt.Fprint(w, `Usage: pcn train [flags]

Trains a network and reports its accuracy on the test images. The same flags
give the same weights, bit for bit, on every machine. Without flags it trains a
deep network on images it makes itself.

  pcn train -data fashion-mnist -dir ~/data/fashion-mnist
  pcn train -rule pc -precision uniform -seeds 3
  pcn train -rule bp -json -out runs/bp
`)
	printFlags(w, defaultSettings().flags())
}

func train(ctx context.Context, args []string, s streams) (err error) {
	settings := defaultSettings()
	fs := newFlagSet("train", settings.flags())
	if err := parse(fs, args); err != nil {
		return err
	}
	t, err := newTask(settings, given(fs))
	if err != nil {
		return err
	}
	log := newEventLog(s, settings.json)
	defer log.bar.clear()
	if settings.out != "" {
		file, err := makeRunFolder(settings.out, settings)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		log.json = append(log.json, file)
	}
	log.emit(t.startEvent())
	for _, w := range t.warnings {
		log.emit(warningEvent{"warning", w})
	}
	return t.runSeeds(ctx, log)
}

func (t *task) startEvent() startEvent {
	e := startEvent{
		Event: "start", Settings: t.settings, Levels: t.net.Levels(),
		Train: t.train.Len(), Test: t.test.Len(),
	}
	if t.val != nil {
		e.Validation = t.val.Len()
	}
	for _, p := range pcn.InitialParameters(t.net, 0, 1) {
		e.Parameters += len(p.Data)
	}
	return e
}
