package pcn

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
)

// A Tensor is a named array in row-major order, with the shape that files and
// other programs give it: dense weights are [out, in], biases [out].
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32 // as many values as the shape asks for, the last axis fastest
}

func newTensor(name string, shape ...int) Tensor {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return Tensor{Name: name, Shape: shape, Data: make([]float32, n)}
}

// Digest returns the SHA-256 of the little-endian bits of all values, tensor
// after tensor. Names and shapes do not enter. Given the parameters of a
// [Trainer] it identifies the result of a run.
func Digest(tensors []Tensor) [sha256.Size]byte {
	hash := sha256.New()
	var buf [4096]byte
	for _, t := range tensors {
		for data := t.Data; len(data) > 0; {
			n := min(len(data), len(buf)/4)
			for i, v := range data[:n] {
				binary.LittleEndian.PutUint32(buf[4*i:], math.Float32bits(v))
			}
			hash.Write(buf[:4*n])
			data = data[n:]
		}
	}
	return [sha256.Size]byte(hash.Sum(nil))
}
