//go:build !amd64 || purego

package kernels

func (h *Handle) sum(b *reduceBlock)        { b.sumGeneric() }
func (h *Handle) dot(b *reduceBlock)        { b.dotGeneric() }
func (h *Handle) squares(b *reduceBlock)    { b.squaresGeneric() }
func (h *Handle) shiftedDot(b *reduceBlock) { b.shiftedDotGeneric() }
func (h *Handle) expSum(b *reduceBlock)     { b.expSumGeneric() }
func (h *Handle) largest(b *reduceBlock)    { b.largestGeneric() }
func (h *Handle) addRows(b *rowsBlock)      { b.generic() }
func (h *Handle) softmax(b *softmaxBlock)   { b.generic() }

// narrow is how many columns softmaxRows takes.
func (h *Handle) narrow() int { return 0 }

func (h *Handle) softmaxRows(b *softmaxRowsBlock) {}
