package checkpoint

import "strings"

// suffixes has what the names of package pcn end in, and what PyTorch says there.
var suffixes = []struct{ pcn, torch string }{
	{".W", ".weight"},
	{".b", ".bias"},
	{".gamma", ".norm.weight"},
	{".beta", ".norm.bias"},
	{".mean", ".norm.running_mean"},
	{".var", ".norm.running_var"},
}

// torchName is the name in files of a parameter or statistic.
func torchName(name string) string {
	for _, s := range suffixes {
		if node, ok := strings.CutSuffix(name, s.pcn); ok {
			return node + s.torch
		}
	}
	return name
}

// momentNames are what the names of an optimiser's moments start with: of the
// first and of the second.
func momentNames(optimizer string) [2]string {
	if optimizer == "sgd" {
		return [2]string{"optimizer.momentum_buffer.", ""}
	}
	return [2]string{"optimizer.exp_avg.", "optimizer.exp_avg_sq."}
}
