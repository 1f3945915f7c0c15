package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// A command is what stands behind the name of the program.
type command struct {
	name    string
	summary string // in the help of the program

	usage  string             // how its own help begins
	words  []string           // what may stand behind the name, before flags
	groups func() []cli.Group // its flags, which the help goes on to explain
	run    func(ctx context.Context, args []string, s cli.Streams) error
}

// commands are in the order of the help.
func commands() []command {
	return []command{trainCommand, evalCommand, predictCommand, exportCommand, summaryCommand, depthCommand, energyCommand, auditCommand, sweepCommand, dataCommand, infoCommand, completionCommand()}
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return append(names, "help")
}

func (c command) help(w io.Writer) {
	fmt.Fprint(w, c.usage)
	cli.PrintFlags(w, c.groups())
}

// execute runs the program with its arguments and returns the exit code.
func execute(ctx context.Context, args []string, s cli.Streams) int {
	if len(args) == 0 {
		programHelp(s.Err)
		return cli.ExitUsage
	}
	name, args := args[0], args[1:]
	switch name {
	case "help", "-h", "-help", "--help":
		return cli.ExitCode(s, "", help(args, s))
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		err := c.run(ctx, args, s)
		if errors.Is(err, flag.ErrHelp) {
			c.help(s.Out)
			return cli.ExitOK
		}
		return cli.ExitCode(s, name, err)
	}
	return cli.ExitCode(s, "", cli.Usagef("unknown command %q%s: use %s",
		name, cli.DidYouMean(name, commandNames()), cli.Alternatives(commandNames())))
}

// help prints the help of the program or of one of its commands.
func help(args []string, s cli.Streams) error {
	if len(args) == 0 {
		programHelp(s.Out)
		return nil
	}
	for _, c := range commands() {
		if c.name == args[0] {
			c.help(s.Out)
			return nil
		}
	}
	if args[0] == "help" {
		programHelp(s.Out)
		return nil
	}
	return cli.Usagef("there is no command %q to explain%s: use %s",
		args[0], cli.DidYouMean(args[0], commandNames()), cli.Alternatives(commandNames()))
}

func programHelp(w io.Writer) {
	fmt.Fprint(w, "pcn trains predictive coding networks.\n\nUsage:\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  pcn %-12s%s\n", c.name, c.summary)
	}
	fmt.Fprintf(w, "  pcn %-12s%s\n", "help", "this text; pcn help train explains the flags of train")
	fmt.Fprint(w, "\nTry pcn train: it needs no flags and no files.\n")
}
