package completion

import (
	"fmt"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

func fish(commands []Command) string {
	var b strings.Builder
	b.WriteString("# Completion of pcn for fish: pcn completion fish > ~/.config/fish/completions/pcn.fish\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "\ncomplete -c pcn -n __fish_use_subcommand -f -a %s -d %s\n", c.Name, quote(c.Summary))
		begin := fmt.Sprintf("complete -c pcn -n '__fish_seen_subcommand_from %s'", c.Name)
		if len(c.Words) > 0 {
			fmt.Fprintf(&b, "complete -c pcn -n '__fish_seen_subcommand_from %s; and not __fish_seen_subcommand_from %s' -f -a %s\n",
				c.Name, strings.Join(c.Words, " "), quote(strings.Join(c.Words, " ")))
		}
		for i := range c.Flags {
			f := &c.Flags[i]
			argument := ""
			switch kindOf(f) {
			case names:
				argument = " -x -a " + quote(strings.Join(cli.Choices(f.Value), " "))
			case folder:
				argument = " -x -a '(__fish_complete_directories)'"
			case file:
				argument = " -r -F"
			case anything:
				argument = " -x"
			}
			fmt.Fprintf(&b, "%s -o %s%s -d %s\n", begin, f.Name, argument, quote(hint(f)))
		}
	}
	return b.String()
}
