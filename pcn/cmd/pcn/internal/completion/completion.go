// Package completion writes scripts with which shells complete the arguments of
// pcn, made of what the help of its commands says.
package completion

import (
	"fmt"
	"io"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// A Command is a sub-command.
type Command struct {
	Name, Summary string

	// Words may stand behind its name, before its flags.
	Words []string

	Flags []cli.Flag
}

// Shells are those that Write has scripts for.
var Shells = []string{"bash", "zsh", "fish"}

// Write writes the script for one of Shells.
func Write(w io.Writer, shell string, commands []Command) error {
	var script string
	switch shell {
	case "bash":
		script = bash(commands)
	case "zsh":
		script = zsh(commands)
	case "fish":
		script = fish(commands)
	default:
		return fmt.Errorf("completion: there is no script for %q", shell)
	}
	_, err := io.WriteString(w, script)
	return err
}

// A kind is what stands behind a flag.
type kind uint8

const (
	nothing kind = iota // a toggle
	names               // one of cli.Choices
	folder
	file
	anything // that a shell cannot know
)

func kindOf(f *cli.Flag) kind {
	switch {
	case cli.Choices(f.Value) != nil:
		return names
	case f.Arg == "":
		return nothing
	case f.Arg == "folder":
		return folder
	case f.Arg == "file":
		return file
	}
	return anything
}

// hint is the beginning of a flag's text, as much as fits a line of suggestions.
func hint(f *cli.Flag) string {
	text, _, _ := strings.Cut(f.Text, ";")
	return text
}

// quote makes text one word of a shell, in single quotes. Fish has other rules
// than bash and zsh, but leaving the quotes for an apostrophe serves all.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
