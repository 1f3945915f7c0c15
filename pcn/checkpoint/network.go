package checkpoint

import (
	"fmt"
	"strings"

	"github.com/gopcn/gopcn/pcn"
)

// describe puts a network in words, a line for the input and for each node:
// networks are equal if their lines are.
func describe(net *pcn.Network) []string {
	lines := []string{fmt.Sprintf("input %v", net.Input)}
	for i := range net.Nodes {
		n := &net.Nodes[i]
		var sources, ops []string
		for _, s := range n.Sources {
			if s == pcn.Input {
				sources = append(sources, "input")
			} else {
				sources = append(sources, net.Nodes[s].Name)
			}
		}
		for _, op := range n.Ops {
			ops = append(ops, op.String())
		}
		lines = append(lines, fmt.Sprintf("%s: %v, level %d, weight %v, of %s: %s",
			n.Name, n.Role, n.Level, n.Weight, strings.Join(sources, " + "), strings.Join(ops, ", ")))
	}
	return lines
}

// difference says where two descriptions differ, or "".
func difference(file, trainer []string) string {
	for i := range max(len(file), len(trainer)) {
		switch {
		case i >= len(file):
			return fmt.Sprintf("it ends before %q", trainer[i])
		case i >= len(trainer):
			return fmt.Sprintf("it goes on with %q", file[i])
		case file[i] != trainer[i]:
			return fmt.Sprintf("it has %q where this one has %q", file[i], trainer[i])
		}
	}
	return ""
}
