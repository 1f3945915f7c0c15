package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/data/catalogue"
	"github.com/gopcn/gopcn/pcn/data/fetch"
)

func getData(ctx context.Context, d *dataSettings, s cli.Streams) error {
	set, err := d.find()
	if err != nil {
		return err
	}
	if d.url != "" {
		base, err := url.Parse(d.url)
		if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" || base.Fragment != "" {
			return cli.Usagef("-url %q is no address: it looks like https://example.org/folder/", d.url)
		}
		set.Origins = []string{strings.TrimSuffix(d.url, "/") + "/"}
	}
	return get(ctx, &set, d.dir, s, fetch.Getter{})
}

// get brings the files of a set that are missing.
func get(ctx context.Context, set *catalogue.Set, dir string, s cli.Streams, g fetch.Getter) error {
	for _, f := range set.Files {
		if ctx.Err() != nil {
			return cli.ErrInterrupted
		}
		r := &report{Streams: s, bar: cli.NewProgress(s), name: f.Name}
		r.attach(&g)
		there, err := g.Get(ctx, dir, f, set.Origins...)
		r.bar.Clear()
		switch {
		case ctx.Err() != nil && err != nil:
			fmt.Fprintf(s.Err, "interrupted: what has come of %s is kept; the same command continues\n", filepath.Join(dir, f.Name))
			return cli.ErrInterrupted
		case err != nil:
			return explainGet(err)
		case there:
			fmt.Fprintf(s.Out, "%s: there already, the published file\n", f.Name)
		default:
			fmt.Fprintf(s.Out, "%s: %s bytes, the published file\n", f.Name, cli.Grouped(float64(f.Size)))
		}
	}
	if loose := set.FindLoose(dir); len(loose) > 0 {
		fmt.Fprintf(s.Err, "note: the set lies there unpacked too (%s), and so is read rather than the archive\n", strings.Join(loose, ", "))
	}
	fmt.Fprintf(s.Out, "licence: %s\ncite: %s\nNow: pcn train -data %s -dir %s\n", set.Licence, set.Cite, set.Name, dir)
	return nil
}

// explainGet adds the flag that helps, if one does.
func explainGet(err error) error {
	var disk *fetch.DiskError
	var mismatch *catalogue.MismatchError
	if errors.As(err, &disk) || errors.As(err, &mismatch) {
		return err
	}
	return fmt.Errorf("%w (-url names another address)", err)
}

// A report tells how a file comes along: by a line that is drawn over and over,
// or without a terminal by a line for each quarter.
type report struct {
	cli.Streams
	bar  *cli.Progress
	name string

	began   time.Time
	first   int64 // bytes that were there then; -1 before any came
	quarter int64
}

// attach makes the getter report here.
func (r *report) attach(g *fetch.Getter) {
	g.Start = r.start
	g.Progress = r.progress
	g.Retry = func(err error, wait time.Duration) { r.say("%s; next attempt in %v", err, wait) }
	g.Failed = func(err error) { r.say("%s", err) }
}

func (r *report) start(address string) {
	r.first = -1
	r.say("%s from %s", r.name, address)
}

func (r *report) progress(done, of int64) {
	if r.first < 0 || done < r.first { // it begins, or begins again
		r.began, r.first, r.quarter = time.Now(), done, 4*done/of
	}
	if r.Width == nil {
		if quarter := 4 * done / of; quarter > r.quarter && quarter < 4 {
			r.quarter = quarter
			r.say("%s: %d %%", r.name, 25*quarter)
		}
		return
	}
	rest := fmt.Sprintf("%s of %s", megabytes(done), megabytes(of))
	if seconds := time.Since(r.began).Seconds(); seconds > 0.2 { // before, it is noise
		rest += fmt.Sprintf(", %s/s", megabytes(int64(float64(done-r.first)/seconds)))
	}
	// Permille, since bytes times 100 are too many for 32 bits.
	r.bar.Update(r.name, int(1000*done/of), 1000, rest)
}

// say prints a line above the one that is drawn over.
func (r *report) say(format string, args ...any) {
	r.bar.Clear()
	fmt.Fprintf(r.Err, format+"\n", args...)
}
