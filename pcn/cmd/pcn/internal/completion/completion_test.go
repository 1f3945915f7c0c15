package completion

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// sample are commands with every kind of flag, and a text that shells would take
// apart.
func sample() []Command {
	var rule, dir, path string
	var n int
	var on bool
	return []Command{
		{Name: "train", Summary: "it's [learning]: weights", Flags: []cli.Flag{
			{Name: "rule", Arg: "r", Value: cli.Choice(&rule, []string{"pc", "ipc"}), Text: "don't: [forget] it; or else"},
			{Name: "dir", Arg: "folder", Value: cli.Text(&dir), Text: "where"},
			{Name: "config", Arg: "file", Value: cli.Text(&path), Text: "which"},
			{Name: "epochs", Arg: "n", Value: cli.Whole(&n, 1), Text: "how often"},
			{Name: "bn", Value: cli.Toggle(&on), Text: "whether"},
		}},
		{Name: "data", Summary: "sets", Words: []string{"list", "get"}, Flags: []cli.Flag{
			{Name: "strict", Value: cli.Toggle(&on), Text: "whether"},
		}},
	}
}

// inShell runs a script with the named shell, which must not complain.
func inShell(t *testing.T, shell, completion, script string) string {
	t.Helper()
	path, err := exec.LookPath(shell)
	if err != nil {
		t.Skipf("needs %s: %v", shell, err)
	}
	var text strings.Builder
	require.NoError(t, Write(&text, shell, sample()))
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, completion), []byte(text.String()), 0o666))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "a folder"), 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a file"), nil, 0o666))
	cmd := exec.Command(path, "-c", script)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

func TestBash(t *testing.T) {
	out := inShell(t, "bash", "pcn.bash", `source pcn.bash
try() {
  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
  _pcn
  for word in "${COMPREPLY[@]}"; do printf '<%s>' "$word"; done
  echo
}
try pcn ""
try pcn tr
try pcn train -
try pcn train -bn -r
try pcn train -rule ""
try pcn train -rule i
try pcn train -dir a
try pcn train -config "a fi"
try pcn train -epochs ""
try pcn data ""
try pcn nothing ""
`)
	require.Equal(t, `<train><data>
<train>
<-rule><-dir><-config><-epochs><-bn>
<-rule>
<pc><ipc>
<ipc>
<a folder>
<a file>

<list><get><-strict>

`, out)
}

func TestZsh(t *testing.T) {
	require.Empty(t, inShell(t, "zsh", "_pcn", "zsh -n _pcn"))
}

func TestFish(t *testing.T) {
	out := inShell(t, "fish", "pcn.fish", `source pcn.fish
complete -C "pcn tr"
complete -C "pcn train -rule "
complete -C "pcn data "
`)
	require.Equal(t, "train\tit's [learning]: weights\nipc\tdon't: [forget] it\npc\tdon't: [forget] it\nget\nlist\n", out)
}

// What the scripts of all shells must tell, whether such a shell is here or not.
func TestScripts(t *testing.T) {
	for shell, wants := range map[string][]string{
		"bash": {"_pcn_words 'train data'", "train:-dir) _pcn_files -d", "train:-epochs) return", "data) _pcn_words 'list get -strict'"},
		"zsh": {`'train:it'\''s \[learning\]\: weights'`, `'-rule[don'\''t\: \[forget\] it]:r:(pc ipc)'`, `'-dir[where]:folder:_files -/'`,
			`'-bn[whether]'`, `'1:what:(list get)'`},
		"fish": {`-f -a train -d 'it'\''s [learning]: weights'`, `-o rule -x -a 'pc ipc' -d 'don'\''t: [forget] it'`, "-o bn -d 'whether'",
			"-o config -r -F -d 'which'"},
	} {
		var text strings.Builder
		require.NoError(t, Write(&text, shell, sample()))
		for _, want := range wants {
			require.Contains(t, text.String(), want)
		}
	}
	require.ErrorContains(t, Write(&strings.Builder{}, "tcsh", sample()), `there is no script for "tcsh"`)
}
