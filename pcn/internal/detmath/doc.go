// Package detmath holds the few float64 functions that training's scalars need
// (precision and learning-rate schedules, bias corrections), with the same
// bits on every machine. Package math promises that only for operations such
// as Sqrt and FMA: its Exp and Cos have assembly or fused variants on some
// architectures. Here every product that a compiler might fuse with a sum is
// rounded explicitly, or fused explicitly by math.FMA, which is exact
// everywhere.
package detmath
