package safetensors

import (
	"encoding/binary"
	"math"
)

// A DType names the type of a tensor's values as files do.
type DType string

// The types that [Reader.Float32s] reads. Files may hold others, such as C64 or
// F8_E4M3, which can be passed over.
const (
	F64  DType = "F64"
	F32  DType = "F32"
	F16  DType = "F16"
	BF16 DType = "BF16"
	I64  DType = "I64"
	I32  DType = "I32"
	I16  DType = "I16"
	I8   DType = "I8"
	U64  DType = "U64"
	U32  DType = "U32"
	U16  DType = "U16"
	U8   DType = "U8"
	Bool DType = "BOOL"
)

// sizes has the bytes of a value, for all types that a file may hold.
var sizes = map[DType]int{
	F64: 8, F32: 4, F16: 2, BF16: 2,
	I64: 8, I32: 4, I16: 2, I8: 1,
	U64: 8, U32: 4, U16: 2, U8: 1, Bool: 1,
	"C64": 8, "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1, "F8_E4M3FNUZ": 1, "F8_E5M2FNUZ": 1,
}

// float32s has what turns the bytes of a value into the nearest float32.
var float32s = map[DType]func([]byte) float32{
	F64:  func(b []byte) float32 { return float32(math.Float64frombits(binary.LittleEndian.Uint64(b))) },
	F32:  func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) },
	F16:  func(b []byte) float32 { return fromHalf(binary.LittleEndian.Uint16(b)) },
	BF16: func(b []byte) float32 { return math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16) },
	I64:  func(b []byte) float32 { return float32(int64(binary.LittleEndian.Uint64(b))) },
	I32:  func(b []byte) float32 { return float32(int32(binary.LittleEndian.Uint32(b))) },
	I16:  func(b []byte) float32 { return float32(int16(binary.LittleEndian.Uint16(b))) },
	I8:   func(b []byte) float32 { return float32(int8(b[0])) },
	U64:  func(b []byte) float32 { return float32(binary.LittleEndian.Uint64(b)) },
	U32:  func(b []byte) float32 { return float32(binary.LittleEndian.Uint32(b)) },
	U16:  func(b []byte) float32 { return float32(binary.LittleEndian.Uint16(b)) },
	U8:   func(b []byte) float32 { return float32(b[0]) },
	Bool: func(b []byte) float32 { return float32(b[0]) },
}

// fromHalf widens a half: 5 bits of exponent and 10 of mantissa.
func fromHalf(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent, mantissa := uint32(h>>10)&0x1f, uint32(h)&0x3ff
	switch exponent {
	case 0: // subnormal: mantissa 2^-24
		v := float32(mantissa) * 0x1p-24
		return math.Float32frombits(math.Float32bits(v) | sign)
	case 0x1f: // infinite, or not a number
		return math.Float32frombits(sign | 0xff<<23 | mantissa<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | mantissa<<13)
}
