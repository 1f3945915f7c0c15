// Package study runs studies: lists of training runs that one question asks
// for, such as accuracy against depth, and what is computed from their results.
//
// A [Cell] is one run, and the folder of a study has a folder for each. What is
// there already is not done again: an interrupted study goes on where it was,
// and one that has grown adds what is missing. A finished study is packed into
// one file, from which tables and figures are made again.
package study

import (
	"math"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

var nan = math.NaN()

// A Cell is one training run of a study, with one seed.
type Cell struct {
	// Name is that of the cell's folder, and no other cell's.
	Name string

	// Task is the run, whose data need not be loaded. Its seed is that of the
	// settings.
	Task *run.Task

	// Blind keeps the test images out of it.
	Blind bool
}
