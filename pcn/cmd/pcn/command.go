package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// A command is what stands behind the name of the program.
type command struct {
	name    string
	summary string
	help    func(io.Writer)
	run     func(ctx context.Context, args []string, s streams) error
}

func commands() []command {
	return []command{
		{"train", "train a network and report its test accuracy", trainHelp, train},
		{"summary", "what a network is made of, and what a batch of it costs", summaryHelp, summary},
		{"data", "published data sets: list them, verify files, get files", dataHelp, dataCommand},
		{"info", "what this machine offers, and what of it is used", infoHelp, info},
	}
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return append(names, "help")
}

// run runs the program with its arguments and returns the exit code.
func run(ctx context.Context, args []string, s streams) int {
	if len(args) == 0 {
		programHelp(s.err)
		return exitUsage
	}
	name, args := args[0], args[1:]
	switch name {
	case "help", "-h", "-help", "--help":
		return exitCode(s, "", help(args, s))
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		err := c.run(ctx, args, s)
		if errors.Is(err, flag.ErrHelp) {
			c.help(s.out)
			return exitOK
		}
		return exitCode(s, name, err)
	}
	return exitCode(s, "", usagef("unknown command %q%s: use %s",
		name, didYouMean(name, commandNames()), alternatives(commandNames())))
}

// help prints the help of the program or of one of its commands.
func help(args []string, s streams) error {
	if len(args) == 0 {
		programHelp(s.out)
		return nil
	}
	for _, c := range commands() {
		if c.name == args[0] {
			c.help(s.out)
			return nil
		}
	}
	if args[0] == "help" {
		programHelp(s.out)
		return nil
	}
	return usagef("there is no command %q to explain%s: use %s",
		args[0], didYouMean(args[0], commandNames()), alternatives(commandNames()))
}

func programHelp(w io.Writer) {
	fmt.Fprint(w, "pcn trains predictive coding networks.\n\nUsage:\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  pcn %-8s%s\n", c.name, c.summary)
	}
	fmt.Fprintf(w, "  pcn %-8s%s\n", "help", "this text; pcn help train explains the flags of train")
	fmt.Fprint(w, "\nTry pcn train: it needs no flags and no files.\n")
}

// alternatives joins names as in "a, b or c".
func alternatives(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
