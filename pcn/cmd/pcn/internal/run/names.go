package run

import (
	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
)

// Names that flags take, in the order of the help.
var (
	ruleNames      = names(pcn.PC, pcn.IPC, pcn.BP)
	updateNames    = names(pcn.Settled, pcn.Forward)
	precisionNames = []string{"uniform", "spiking", "decaying"}
	lossNames      = names(pcn.SquaredError, pcn.CrossEntropy)
	nudgeNames     = names(pcn.NudgeNone, pcn.NudgePositive, pcn.NudgeNegative, pcn.NudgeCentred)
	optimizerNames = names(pcn.SGD, pcn.Adam, pcn.AdamW)
	scheduleNames  = []string{"constant", "warmup-cosine"}
	skipZeroNames  = names(pcn.SkipOff, pcn.SkipUpdate, pcn.SkipFull)
	normModeNames  = names(pcn.NormBatch, pcn.NormEMA)
	isaNames       = names(kernels.Generic, kernels.AVX2, kernels.AVX512)
)

// names returns what values call themselves.
func names[T interface{ String() string }](values ...T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = v.String()
	}
	return list
}

// named returns the value that calls itself so. Flags have made sure that one
// does.
func named[T interface{ String() string }](name string, values ...T) T {
	for _, v := range values {
		if v.String() == name {
			return v
		}
	}
	panic("no value is called " + name)
}
