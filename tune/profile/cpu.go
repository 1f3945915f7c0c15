package profile

import (
	"fmt"

	"github.com/klauspost/cpuid/v2"
)

// A CPU is what tells kinds of CPUs apart. Sizes are in bytes, -1 where the CPU
// does not say.
type CPU struct {
	Vendor string `json:"vendor"`
	Family int    `json:"family"`
	Model  int    `json:"model"`
	L1Data int    `json:"l1_data"`
	L2     int    `json:"l2"`
	L3     int    `json:"l3"`
}

// ThisCPU describes the CPU of this machine.
func ThisCPU() CPU {
	cpu := cpuid.CPU
	return CPU{cpu.VendorString, cpu.Family, cpu.Model, cpu.Cache.L1D, cpu.Cache.L2, cpu.Cache.L3}
}

// String tells the CPU in one line.
func (c CPU) String() string {
	return fmt.Sprintf("%s family %d model %d, caches of %d, %d and %d KiB", c.Vendor, c.Family, c.Model, c.L1Data>>10, c.L2>>10, c.L3>>10)
}
