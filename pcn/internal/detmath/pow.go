package detmath

// Pow returns x^n for n >= 0 by repeated squaring, each product rounded. It
// panics if n is negative.
func Pow(x float64, n int) float64 {
	if n < 0 {
		panic("detmath: Pow: negative exponent")
	}
	result := 1.0
	for n > 0 {
		if n&1 == 1 {
			result = float64(result * x)
		}
		x = float64(x * x)
		n >>= 1
	}
	return result
}
