package completion

import (
	"fmt"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// Characters that mean something in specifications of _arguments and _describe.
var zshText = strings.NewReplacer(`\`, `\\`, `:`, `\:`, `[`, `\[`, `]`, `\]`)

func zsh(commands []Command) string {
	var all, each strings.Builder
	for _, c := range commands {
		fmt.Fprintf(&all, "    %s\n", quote(c.Name+":"+zshText.Replace(c.Summary)))
		fmt.Fprintf(&each, "    %s)\n      _arguments", c.Name)
		for i := range c.Flags {
			f := &c.Flags[i]
			spec := "-" + f.Name + "[" + zshText.Replace(hint(f)) + "]"
			switch kindOf(f) {
			case names:
				spec += ":" + f.Arg + ":(" + strings.Join(cli.Choices(f.Value), " ") + ")"
			case folder:
				spec += ":" + f.Arg + ":_files -/"
			case file:
				spec += ":" + f.Arg + ":_files"
			case anything:
				spec += ":" + zshText.Replace(f.Arg) + ":"
			}
			fmt.Fprintf(&each, " \\\n        %s", quote(spec))
		}
		rest := "*:argument:_files"
		if len(c.Words) > 0 {
			rest = "1:what:(" + strings.Join(c.Words, " ") + ")"
		}
		fmt.Fprintf(&each, " \\\n        %s\n      ;;\n", quote(rest))
	}
	return `#compdef pcn
# Completion of pcn for zsh: pcn completion zsh > ~/.zfunc/_pcn, with ~/.zfunc in fpath

_pcn() {
  local -a commands
  commands=(
` + all.String() + `  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
` + each.String() + `  esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _pcn "$@"
else
  compdef _pcn pcn
fi
`
}
