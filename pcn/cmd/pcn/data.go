package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/data/catalogue"
)

// dataRoot is the environment variable that names the folder around the folders
// of the sets.
const dataRoot = "GOPCN_DATA_DIR"

// dataSettings are the flags of pcn data.
type dataSettings struct {
	set, dir, url string
	strict        bool
}

// A dataAction is what pcn data can do.
type dataAction struct {
	name  string
	flags func(*dataSettings) []flagDoc
	run   func(context.Context, *dataSettings, streams) error
}

func dataActions() []dataAction {
	return []dataAction{
		{"list", listFlags, listData},
		{"verify", verifyFlags, verifyData},
		{"get", getFlags, getData},
	}
}

func listFlags(d *dataSettings) []flagDoc {
	return []flagDoc{{
		name: "dir", arg: "folder", value: text{&d.dir}, fallback: dataRoot + ", else the working folder",
		text: "folder around the folders of the sets",
	}}
}

func verifyFlags(d *dataSettings) []flagDoc {
	return append(setFlags(d), flagDoc{
		name: "strict", value: toggle{&d.strict},
		text: "fail unless the files read are the published ones, though others may be readable",
	})
}

func getFlags(d *dataSettings) []flagDoc {
	return append(setFlags(d), flagDoc{
		name: "url", arg: "base", value: text{&d.url}, fallback: "the publishers' and known copies",
		text: "address to which the names of the files are appended",
	})
}

func setFlags(d *dataSettings) []flagDoc {
	return []flagDoc{
		{name: "data", arg: "set", value: choice{&d.set, catalogue.Names()}, text: alternatives(catalogue.Names())},
		{name: "dir", arg: "folder", value: text{&d.dir}, text: "folder of the set, as for pcn train"},
	}
}

func dataHelp(w io.Writer) {
	fmt.Fprint(w, `Usage: pcn data list|verify|get [flags]

Published data sets. list says what they are, where they come from, under which
licence, and which files are there. verify compares the files of a set with the
published checksums and reads them. get brings the files that are missing; what
was interrupted continues, and no file is replaced.

  pcn data list
  pcn data get -data fashion-mnist -dir ~/data/fashion-mnist
  pcn data verify -data fashion-mnist -dir ~/data/fashion-mnist
`)
	var groups []flagGroup
	for _, a := range dataActions() {
		groups = append(groups, flagGroup{"Flags of " + a.name, a.flags(new(dataSettings))})
	}
	printFlags(w, groups)
}

func dataCommand(ctx context.Context, args []string, s streams) error {
	var names []string
	for _, a := range dataActions() {
		names = append(names, a.name)
	}
	if len(args) == 0 {
		return usagef("say what to do: %s", alternatives(names))
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		return flag.ErrHelp
	}
	for _, a := range dataActions() {
		if a.name != args[0] {
			continue
		}
		var d dataSettings
		if err := parse(newFlagSet("data "+a.name, []flagGroup{{flags: a.flags(&d)}}), args[1:]); err != nil {
			return err
		}
		return a.run(ctx, &d, s)
	}
	return usagef("pcn data cannot %q%s: use %s", args[0], didYouMean(args[0], names), alternatives(names))
}

// find returns the set that -data names, if -dir is there too.
func (d *dataSettings) find() (catalogue.Set, error) {
	set, ok := catalogue.Find(d.set)
	switch {
	case !ok:
		return set, usagef("-data is missing: use %s", alternatives(catalogue.Names()))
	case d.dir == "":
		return set, usagef("-dir is missing: name the folder of the set")
	}
	return set, nil
}

// root is the folder around the folders of the sets.
func (d *dataSettings) root() string {
	if d.dir != "" {
		return d.dir
	}
	if dir := os.Getenv(dataRoot); dir != "" {
		return dir
	}
	return "."
}

// openPublished opens the set of that name.
func openPublished(name, dir string) (train, test *data.Set, err error) {
	for _, p := range published {
		if p.name == name {
			return p.open(dir)
		}
	}
	return nil, nil, errors.New("there is no reader for " + name)
}
