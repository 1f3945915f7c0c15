package completion

import (
	"fmt"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// bash works with version 3.2 too, which macOS has.
func bash(commands []Command) string {
	var values, words, all strings.Builder
	for _, c := range commands {
		all.WriteString(c.Name + " ")
		list := strings.Join(c.Words, " ")
		others := []string{}
		for i := range c.Flags {
			f := &c.Flags[i]
			list += " -" + f.Name
			key := c.Name + ":-" + f.Name
			switch kindOf(f) {
			case names:
				fmt.Fprintf(&values, "    %s) _pcn_words %s; return ;;\n", key, quote(strings.Join(cli.Choices(f.Value), " ")))
			case folder:
				fmt.Fprintf(&values, "    %s) _pcn_files -d; return ;;\n", key)
			case file:
				fmt.Fprintf(&values, "    %s) _pcn_files -f; return ;;\n", key)
			case anything:
				others = append(others, key)
			}
		}
		if len(others) > 0 {
			fmt.Fprintf(&values, "    %s) return ;;\n", strings.Join(others, "|"))
		}
		fmt.Fprintf(&words, "    %s) _pcn_words %s ;;\n", c.Name, quote(strings.TrimSpace(list)))
	}
	return `# Completion of pcn for bash: source <(pcn completion bash)

_pcn_words() { COMPREPLY=($(compgen -W "$1" -- "$current")); }

_pcn_files() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$current"))
}

_pcn() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    _pcn_words ` + quote(strings.TrimSpace(all.String())) + `
    return
  fi
  case $command:$previous in
` + values.String() + `  esac
  case $command in
` + words.String() + `  esac
}

complete -o default -F _pcn pcn
`
}
