package pcn_test

import (
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/internal/twin"
)

func init() { pcn.Twin.Trainer, pcn.Twin.Batch = twin.Trainer, twin.Batch }
