package cli

import (
	"fmt"
	"io"
	"strings"
)

// Columns of the help of flags.
const (
	helpIndent = 22
	helpWidth  = 80
)

// PrintFlags prints the explanations of flags.
func PrintFlags(w io.Writer, groups []Group) {
	for _, g := range groups {
		fmt.Fprintln(w)
		if g.Title != "" {
			fmt.Fprintln(w, g.Title)
		}
		for _, f := range g.Flags {
			head := strings.TrimRight(fmt.Sprintf("  -%s %s", f.Name, f.Arg), " ")
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
func (f Flag) describe() string {
	value := f.Fallback
	if value == "" {
		value = f.Value.String()
	}
	if value == "" || value == "false" {
		return f.Text
	}
	return fmt.Sprintf("%s (default %s)", f.Text, value)
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
