package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/data/catalogue"
)

func verifyData(ctx context.Context, d *dataSettings, s cli.Streams) error {
	set, err := d.find()
	if err != nil {
		return err
	}
	return verify(ctx, &set, d.dir, d.strict, s)
}

// verify compares the files of a set with the published ones and reads the set.
// It fails if a file that bears a published name is another one, or if the set
// cannot be read. Other files of the set, unpacked ones for instance, may be
// readable too; with strict they do not count.
func verify(ctx context.Context, set *catalogue.Set, dir string, strict bool, s cli.Streams) error {
	missing, wrong, err := compare(ctx, set, dir, s.Out)
	if err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d files are not the published ones; delete them, then: pcn data get -data %s -dir %s",
			wrong, len(set.Files), set.Name, dir)
	}
	loose := set.FindLoose(dir)
	if len(loose) > 0 {
		fmt.Fprintf(s.Out, "unpacked (%s), and so read rather than the archive\n", strings.Join(loose, ", "))
	}
	train, test, err := run.OpenPublished(set.Name, dir)
	if err != nil {
		return fmt.Errorf("%s; for the published files: pcn data get -data %s -dir %s", cli.WithoutPackage(err.Error()), set.Name, dir)
	}
	verdict := "the published files"
	others := missing > 0 || len(loose) > 0
	if others {
		verdict = "readable, but not the published files"
	}
	fmt.Fprintf(s.Out, "%s: %s training and %s test images, %d classes: %s\n", set.Name,
		share(train, set.Train), share(test, set.Test), train.Classes, verdict)
	if others && strict {
		return fmt.Errorf("-strict: %s holds other files than the published ones; pcn data get -data %s brings those, into a folder of their own",
			dir, set.Name)
	}
	return nil
}

// compare compares the files with the published ones, and counts those that are
// missing and those that are others.
func compare(ctx context.Context, set *catalogue.Set, dir string, w io.Writer) (missing, wrong int, err error) {
	for _, f := range set.Files {
		if ctx.Err() != nil {
			return 0, 0, cli.ErrInterrupted
		}
		err := f.Check(filepath.Join(dir, f.Name))
		var mismatch *catalogue.MismatchError
		var says string
		switch {
		case err == nil:
			says = "published, sha256 " + f.SHA256
		case errors.Is(err, fs.ErrNotExist):
			missing++
			says = "missing"
		case errors.As(err, &mismatch):
			wrong++
			says = "NOT the published file: " + mismatch.Why
		default:
			return 0, 0, err
		}
		fmt.Fprintf(w, "%s: %s\n", f.Name, says)
	}
	return missing, wrong, nil
}

// share says how many images there are, and of how many if some are missing.
func share(s *data.Set, published int) string {
	if s.Len() == published {
		return cli.Grouped(float64(published))
	}
	return fmt.Sprintf("%s of %s", cli.Grouped(float64(s.Len())), cli.Grouped(float64(published)))
}
