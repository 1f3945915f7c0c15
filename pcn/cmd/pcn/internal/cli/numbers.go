package cli

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// A Number is a float64 that JSON always has room for.
type Number float64

// MarshalJSON writes null for infinities and NaN.
func (n Number) MarshalJSON() ([]byte, error) {
	if v := float64(n); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON reads null as NaN.
func (n *Number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*n = Number(math.NaN())
		return nil
	}
	return json.Unmarshal(text, (*float64)(n))
}

// Percent formats a share from 0 to 1.
func (n Number) Percent() string { return fmt.Sprintf("%.2f %%", 100*float64(n)) }

// Grouped formats a number without decimals, its digits in groups of three.
func Grouped(v float64) string {
	digits := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
