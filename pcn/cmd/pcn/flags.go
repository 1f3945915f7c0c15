package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// A flagDoc is a flag with its explanation.
type flagDoc struct {
	name  string
	arg   string // what stands for the value in the help; none for toggles
	value flag.Value
	text  string

	// fallback describes the default of a flag whose default depends on other
	// flags; otherwise the default is the value before parsing.
	fallback string
}

// A flagGroup is a part of a command's help.
type flagGroup struct {
	title string
	flags []flagDoc
}

// newFlagSet makes a flag set that keeps quiet: parse reports errors.
func newFlagSet(name string, groups []flagGroup) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	for _, g := range groups {
		for _, f := range g.flags {
			fs.Var(f.value, f.name, f.text)
		}
	}
	return fs
}

// parse parses arguments that are flags only. It returns flag.ErrHelp if help
// is asked for, and a usageError for anything wrong.
func parse(fs *flag.FlagSet, args []string) error {
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return usageError{explain(fs, err)}
	case fs.NArg() > 0:
		return usagef("unexpected argument %q: flags are written -name value, or -name=value for true and false", fs.Arg(0))
	}
	return nil
}

// explain adds the nearest valid name to the error about an unknown flag.
func explain(fs *flag.FlagSet, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	return fmt.Errorf("unknown flag -%s%s", name, didYouMean(name, names))
}

// given returns the flags that were set, by name.
func given(fs *flag.FlagSet) map[string]bool {
	set := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { set[f.Name] = true })
	return set
}

// Columns of the help of flags.
const (
	helpIndent = 22
	helpWidth  = 80
)

// printFlags prints the explanations of flags.
func printFlags(w io.Writer, groups []flagGroup) {
	for _, g := range groups {
		fmt.Fprintln(w)
		if g.title != "" {
			fmt.Fprintln(w, g.title)
		}
		for _, f := range g.flags {
			head := strings.TrimRight(fmt.Sprintf("  -%s %s", f.name, f.arg), " ")
			for i, line := range wrap(f.describe(), helpWidth-helpIndent) {
				if i > 0 {
					head = ""
				}
				if len(head) >= helpIndent {
					fmt.Fprintln(w, head)
					head = ""
				}
				fmt.Fprintf(w, "%-*s%s\n", helpIndent, head, line)
			}
		}
	}
}

// describe returns the explanation with the default.
func (f flagDoc) describe() string {
	value := f.fallback
	if value == "" {
		value = f.value.String()
	}
	if value == "" || value == "false" {
		return f.text
	}
	return fmt.Sprintf("%s (default %s)", f.text, value)
}

// wrap breaks a text into lines of at most so many columns.
func wrap(text string, columns int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > columns:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
