package kernels

// caches are the sizes in bytes of the data caches that one core sees, 0 for
// unknown, and whether it stores vectors of AVX-512 in two halves.
type caches struct {
	l1, l2     int
	halfStores bool
}

// Sizes that are taken where a CPU does not tell, and the least and most that
// are believed: virtual machines report strange ones.
var (
	usualCaches = caches{l1: 32 << 10, l2: 512 << 10}
	leastCaches = caches{l1: 16 << 10, l2: 256 << 10}
	mostCaches  = caches{l1: 128 << 10, l2: 4 << 20}
)

func (c caches) believed() caches {
	pick := func(size, usual, least, most int) int {
		if size <= 0 {
			return usual
		}
		return min(max(size, least), most)
	}
	c.l1 = pick(c.l1, usualCaches.l1, leastCaches.l1, mostCaches.l1)
	c.l2 = pick(c.l2, usualCaches.l2, leastCaches.l2, mostCaches.l2)
	return c
}

// defaultProfile derives a profile from the caches.
//
// Panels of B stream from L2, from where a core reads faster than it multiplies,
// so that chains can be long, which saves loads and stores of C. A block of A takes
// three quarters of L2, with AVX-512 three tenths. A panel and the rows of a
// transposed A share L1, which holds less of it: they take three eighths. With
// AVX-512 what a gradient reads comes from L2 too.
// Up to some twenty strips a copy of B costs more than it saves, unless what is
// copied from stays in L1. Portable Go is slower than any cache.
//
// A core that stores in halves multiplies in halves too, so that few rows fill its
// pipelines and its loads keep up with them.
//
// Waiting workers look for about as long as ten wake-ups of a sleeping virtual
// core take.
func defaultProfile(isa ISA, c caches) Profile {
	c = c.believed()
	t := tiles[isa]
	l1, l2 := c.l1/4, c.l2/4 // in floats
	p := Profile{
		StripRows:    t.mr,
		BlockColumns: 512,
		DirectRows:   128,
		DirectFloats: l1,
		CopyColumns:  2 * t.nr,
		ConvSamples:  48,
		Spins:        1 << 16,

		GradientPositions: min(l1*3/4/32, mostPositions),
	}
	block := l2 * 3 / 10 // of A
	switch isa {
	case AVX2:
		p.BlockDepth, block = 1024, l2*3/4
		p.BlockDepthTransposed = min(l1*3/8/(t.mr+t.nr)/8*8, 256)
		p.CopyColumns = 256 // its strips have fewer rows than a set has ways
	case AVX512:
		p.BlockDepth, p.BlockDepthTransposed = 512, 256
		p.GradientPositions = mostPositions
		if c.halfStores {
			p.StripRows = 6
		}
	default:
		p.BlockDepth, p.BlockDepthTransposed, p.BlockRows = 256, 256, 128
		p.DirectRows, p.DirectFloats = 2*t.mr, l1/2
	}
	if isa != Generic {
		block = min(block, blockFloatsA-32*mostBlockRows)
		p.BlockRows = min(block/p.BlockDepth/t.mr*t.mr, mostBlockRows)
	}
	return p
}
