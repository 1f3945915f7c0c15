package main

import (
	"context"
	"slices"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/completion"
)

// completionCommand is a function since it tells of all commands, itself too.
func completionCommand() command {
	return command{
		name:    "completion",
		summary: "what makes a shell complete commands and flags",
		usage: `Usage: pcn completion bash|zsh|fish

Prints a script that makes a shell complete the commands of pcn, their flags and
the names that flags take.

  source <(pcn completion bash)                 in ~/.bashrc
  source <(pcn completion zsh)                  in ~/.zshrc, after compinit
  pcn completion fish | source                  in ~/.config/fish/config.fish
`,
		words:  completion.Shells,
		groups: func() []cli.Group { return nil },
		run:    printCompletion,
	}
}

func printCompletion(_ context.Context, args []string, s cli.Streams) error {
	fs := cli.NewFlagSet("completion", nil)
	if err := cli.ParseBegin(fs, args); err != nil {
		return err
	}
	shells := cli.Alternatives(completion.Shells)
	if fs.NArg() != 1 {
		return cli.Usagef("name one shell: %s", shells)
	}
	shell := fs.Arg(0)
	if !slices.Contains(completion.Shells, shell) {
		return cli.Usagef("there is no script for %q%s: use %s", shell, cli.DidYouMean(shell, completion.Shells), shells)
	}
	return completion.Write(s.Out, shell, completions())
}

// completions are the commands as shells are told of them.
func completions() []completion.Command {
	list := []completion.Command{{Name: "help", Summary: "explains a command", Words: commandNames()}}
	for _, c := range commands() {
		to := completion.Command{Name: c.name, Summary: c.summary, Words: c.words}
		seen := map[string]bool{} // actions of pcn data have flags in common
		for _, g := range c.groups() {
			for _, f := range g.Flags {
				if !seen[f.Name] {
					to.Flags = append(to.Flags, f)
				}
				seen[f.Name] = true
			}
		}
		list = append(list, to)
	}
	return list
}
