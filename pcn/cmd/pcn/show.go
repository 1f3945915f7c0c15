package main

import (
	"fmt"
	"path/filepath"

	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/view"
)

// serve shows what a hub knows at the address of -view, and says where.
func serve(address string, hub *view.Hub, s cli.Streams) (*view.Server, error) {
	where, err := view.Address(address)
	if err != nil {
		return nil, cli.Usagef("-view %s: %w", address, err)
	}
	server, err := view.Listen(where, hub)
	if err != nil {
		return nil, fmt.Errorf("-view %s: %w", address, err)
	}
	fmt.Fprintln(s.Err, "view       "+server.URL())
	if server.Public() {
		fmt.Fprintln(s.Err, "warning: whoever reaches this machine sees the page; -view :8080 shows it to this machine only")
	}
	return server, nil
}

// writeReport leaves a report in the folder of a run. A run that has not begun
// leaves an earlier report alone.
func writeReport(dir string, hub *view.Hub) error {
	if !hub.Ended() {
		return nil
	}
	path := filepath.Join(dir, view.ReportFile)
	if err := checkpoint.RemoveTemporary(path); err != nil {
		return fmt.Errorf("cannot write %s: %w", view.ReportFile, err)
	}
	return checkpoint.WriteFile(path, hub.WriteReport)
}
