package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/data/catalogue"
)

func listData(_ context.Context, d *dataSettings, s cli.Streams) error {
	for _, set := range catalogue.Sets() {
		if err := printSet(s.Out, &set, d.root()); err != nil {
			return err
		}
	}
	_, err := fmt.Fprint(s.Out, "Of files that are there only the size was compared: pcn data verify compares\n"+
		"checksums. pcn data get brings what is missing.\n")
	return err
}

// printSet prints what a set is and what of it lies under root.
func printSet(w io.Writer, set *catalogue.Set, root string) error {
	dir := setFolder(set, root)
	fmt.Fprintf(w, "%s: %s training and %s test images, %s, %d classes, %s\n", set.Name,
		cli.Grouped(float64(set.Train)), cli.Grouped(float64(set.Test)), set.Image, set.Classes, megabytes(set.Size()))
	fmt.Fprintf(w, "  folder   %s\n", dir)
	for _, f := range set.Files {
		fmt.Fprintf(w, "    %-28s%12s bytes   %s\n", f.Name, cli.Grouped(float64(f.Size)), presence(f, dir))
	}
	if loose := set.FindLoose(dir); len(loose) > 0 {
		fmt.Fprintf(w, "    unpacked (%s), and so read rather than the archive\n", strings.Join(loose, ", "))
	}
	fmt.Fprintf(w, "  from     %s\n  licence  %s\n", set.Page, set.Licence)
	_, err := fmt.Fprintf(w, "  cite     %s\n\n", set.Cite)
	return err
}

// setFolder returns where under root a set lies, or is to lie: in a folder of
// its name, or in the one that its archive unpacks to.
func setFolder(set *catalogue.Set, root string) string {
	own := filepath.Join(root, set.Name)
	if _, err := os.Stat(own); err != nil && set.Folder != "" {
		unpacked := filepath.Join(root, set.Folder)
		if _, err := os.Stat(unpacked); err == nil {
			return unpacked
		}
	}
	return own
}

// presence says what a glance at a file shows.
func presence(f catalogue.File, dir string) string {
	switch f.Glance(dir) {
	case catalogue.RightSize:
		return "there"
	case catalogue.OtherSize:
		return "of another size"
	case catalogue.Unreadable:
		return "not a readable file"
	}
	// An archive is of no use without its packing, a single file is.
	if plain, packed := strings.CutSuffix(f.Name, ".gz"); packed && !strings.HasSuffix(plain, ".tar") {
		if _, err := os.Stat(filepath.Join(dir, plain)); err == nil {
			return "missing, but there unpacked"
		}
	}
	return "missing"
}

// megabytes formats a number of bytes.
func megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }
