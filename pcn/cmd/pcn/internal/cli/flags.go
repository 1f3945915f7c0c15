package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// A Flag is a flag with its explanation.
type Flag struct {
	Name  string
	Arg   string // what stands for the value in the help; none for toggles
	Value flag.Value
	Text  string

	// Fallback describes the default of a flag whose default depends on other
	// flags; otherwise the default is the value before parsing.
	Fallback string

	// OnSet, if set, is called after the flag has got a value.
	OnSet func()
}

// Set gives the flag a value.
func (f *Flag) Set(text string) error {
	if err := f.Value.Set(text); err != nil {
		return err
	}
	if f.OnSet != nil {
		f.OnSet()
	}
	return nil
}

// watched is the value of a flag with OnSet, as package flag sees it.
type watched struct{ *Flag }

func (w watched) String() string { return w.Value.String() }

func (w watched) IsBoolFlag() bool {
	b, ok := w.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// A Group is a part of a command's help.
type Group struct {
	Title string
	Flags []Flag
}

// NewFlagSet makes a flag set that keeps quiet: Parse reports errors.
func NewFlagSet(name string, groups []Group) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	for _, g := range groups {
		for i := range g.Flags {
			f := &g.Flags[i]
			fs.Var(watched{f}, f.Name, f.Text)
		}
	}
	return fs
}

// Parse parses arguments that are flags only. It returns flag.ErrHelp if help
// is asked for, and a UsageError for anything wrong.
func Parse(fs *flag.FlagSet, args []string) error {
	if err := ParseBegin(fs, args); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		return Usagef("unexpected argument %q: flags are written -name value, or -name=value for true and false", fs.Arg(0))
	}
	return nil
}

// ParseBegin is Parse for commands that take arguments behind their flags: it
// leaves those in fs.Args.
func ParseBegin(fs *flag.FlagSet, args []string) error {
	err := fs.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return UsageError{explain(fs, err)}
}

// explain adds the nearest valid name to the error about an unknown flag.
func explain(fs *flag.FlagSet, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	return fmt.Errorf("unknown flag -%s%s", name, DidYouMean(name, names))
}

// Given returns the flags that were set, by name.
func Given(fs *flag.FlagSet) map[string]bool {
	set := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { set[f.Name] = true })
	return set
}
