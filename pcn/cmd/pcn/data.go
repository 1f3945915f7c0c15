package main

import (
	"context"
	"flag"
	"os"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
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
	flags func(*dataSettings) []cli.Flag
	run   func(context.Context, *dataSettings, cli.Streams) error
}

func dataActions() []dataAction {
	return []dataAction{
		{"list", listFlags, listData},
		{"verify", verifyFlags, verifyData},
		{"get", getFlags, getData},
	}
}

func listFlags(d *dataSettings) []cli.Flag {
	return []cli.Flag{{
		Name: "dir", Arg: "folder", Value: cli.Text(&d.dir), Fallback: dataRoot + ", else the working folder",
		Text: "folder around the folders of the sets",
	}}
}

func verifyFlags(d *dataSettings) []cli.Flag {
	return append(setFlags(d), cli.Flag{
		Name: "strict", Value: cli.Toggle(&d.strict),
		Text: "fail unless the files read are the published ones, though others may be readable",
	})
}

func getFlags(d *dataSettings) []cli.Flag {
	return append(setFlags(d), cli.Flag{
		Name: "url", Arg: "base", Value: cli.Text(&d.url), Fallback: "the publishers' and known copies",
		Text: "address to which the names of the files are appended",
	})
}

func setFlags(d *dataSettings) []cli.Flag {
	return []cli.Flag{
		{Name: "data", Arg: "set", Value: cli.Choice(&d.set, catalogue.Names()), Text: cli.Alternatives(catalogue.Names())},
		{Name: "dir", Arg: "folder", Value: cli.Text(&d.dir), Text: "folder of the set, as for pcn train"},
	}
}

var dataCommand = command{
	name:    "data",
	summary: "published data sets: list them, verify files, get files",
	usage: `Usage: pcn data list|verify|get [flags]

Published data sets. list says what they are, where they come from, under which
licence, and which files are there. verify compares the files of a set with the
published checksums and reads them. get brings the files that are missing; what
was interrupted continues, and no file is replaced.

  pcn data list
  pcn data get -data fashion-mnist -dir ~/data/fashion-mnist
  pcn data verify -data fashion-mnist -dir ~/data/fashion-mnist
`,
	words: []string{"list", "verify", "get"},
	groups: func() []cli.Group {
		var groups []cli.Group
		for _, a := range dataActions() {
			groups = append(groups, cli.Group{Title: "Flags of " + a.name, Flags: a.flags(new(dataSettings))})
		}
		return groups
	},
	run: runData,
}

func runData(ctx context.Context, args []string, s cli.Streams) error {
	var names []string
	for _, a := range dataActions() {
		names = append(names, a.name)
	}
	if len(args) == 0 {
		return cli.Usagef("say what to do: %s", cli.Alternatives(names))
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
		if err := cli.Parse(cli.NewFlagSet("data "+a.name, []cli.Group{{Flags: a.flags(&d)}}), args[1:]); err != nil {
			return err
		}
		return a.run(ctx, &d, s)
	}
	return cli.Usagef("pcn data cannot %q%s: use %s", args[0], cli.DidYouMean(args[0], names), cli.Alternatives(names))
}

// find returns the set that -data names, if -dir is there too.
func (d *dataSettings) find() (catalogue.Set, error) {
	set, ok := catalogue.Find(d.set)
	switch {
	case !ok:
		return set, cli.Usagef("-data is missing: use %s", cli.Alternatives(catalogue.Names()))
	case d.dir == "":
		return set, cli.Usagef("-dir is missing: name the folder of the set")
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
