// Package golden loads test cases of predictive-coding training, in the JSON
// schema "pc-golden/1", and compares what a program computed with what the
// case expects.
//
// A [Case] is plain data: the network as nodes and ops, the hyper-parameters,
// initial parameters, batches, and the expected results. A program under test
// builds its own network from it, or takes the float64 reference:
//
//	c, err := golden.Load(path)
//	run, err := c.Run()                         // package reference
//	report := golden.Compare(c, run, golden.Float64(c))
//	require.NoError(t, report.Err())
//
// A program of another precision compares tensor by tensor with
// [CompareTensor], or fills those parts of a [reference.Run] that it observes
// and calls [ComparePartial] with its own [Policy].
//
// Loading is strict. An unknown field, op, activation or kind, a tensor whose
// shape does not fit, or an expectation that the case's mode demands and the
// file lacks is an error, so that nothing in a file goes unused by accident.
package golden
