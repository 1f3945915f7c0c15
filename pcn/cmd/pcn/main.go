// Command pcn trains predictive coding networks.
//
//	go run ./pcn/cmd/pcn train                        glyphs, the built-in images
//	go run ./pcn/cmd/pcn train -data mnist -dir DIR   a published set
//	go run ./pcn/cmd/pcn eval RUN                     accuracy by class
//	go run ./pcn/cmd/pcn predict RUN PICTURE          what a picture is taken for
//	go run ./pcn/cmd/pcn export RUN FILE              weights for other programs
//	go run ./pcn/cmd/pcn energy                       relaxations, level by level
//	go run ./pcn/cmd/pcn audit                        gradients beside backpropagation's
//	go run ./pcn/cmd/pcn data                         published sets: list, verify, get
//	go run ./pcn/cmd/pcn summary                      what a network costs
//	go run ./pcn/cmd/pcn info                         what this machine offers
//	go run ./pcn/cmd/pcn help train                   all flags and their defaults
//
// With -json, train prints one JSON object a line to standard output, and
// nothing else there; messages for people go to standard error. Type run.Log
// says which events there are.
//
// The exit code is 0 for success, 1 if something failed on the way, 2 if the
// command was called wrongly and 130 if it was interrupted.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

func main() {
	// SIGTERM is what systems send that want the machine for themselves.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first interrupt asks for a clean end; from then on a second one ends
	// the process at once.
	context.AfterFunc(ctx, stop)
	code := execute(ctx, os.Args[1:], cli.StandardStreams())
	os.Exit(code)
}
