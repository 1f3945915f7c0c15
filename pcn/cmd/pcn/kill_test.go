//go:build unix

package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
)

// killsVariable says how often TestKill kills.
const killsVariable = "PCN_TEST_KILLS"

// TestKill kills runs with SIGKILL at random moments, every other time while a
// checkpoint is being written, and goes on with them until they are through:
// nothing is lost but the batch under way, and in the end all is as in a run that
// nobody killed.
func TestKill(t *testing.T) {
	kills := 10
	if testing.Short() {
		kills = 3
	}
	if text := os.Getenv(killsVariable); text != "" {
		var err error
		kills, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	data := tinyset.MNIST(t)
	whole := &victim{t: t, data: data, dir: filepath.Join(t.TempDir(), "whole")}
	start := time.Now()
	whole.sitting(func(ended <-chan error) { <-ended })
	length := time.Since(start)
	want := whole.outcome()

	killed, inside, runs := 0, 0, 0
	for killed < kills {
		v := &victim{t: t, data: data, dir: filepath.Join(t.TempDir(), "run")}
		for through := false; !through && killed < kills; {
			if through = !v.sitting(v.moment(length)); !through {
				killed++
			}
		}
		v.sitting(func(ended <-chan error) { <-ended })
		require.Equal(t, want, v.outcome())
		inside += len(v.halves)
		runs++
	}
	t.Logf("%d kills, %d of them while a checkpoint was being written; %d runs, each with the weights and the metrics of one that was not killed",
		killed, inside, runs)
	if kills >= 100 {
		require.Greater(t, inside, kills/10, "kills hit writing too")
	}
}

// A victim is a run that is killed: two seeds, and each batch is saved.
type victim struct {
	t         *testing.T
	data, dir string

	kept   int             // batches in checkpoints after the latest sitting
	halves map[string]bool // names of checkpoints that were left half written
}

const (
	victimSeeds   = 2
	victimEpochs  = 8
	victimBatches = 4 // of an epoch
)

func (v *victim) args() []string {
	// What computes is of no consequence.
	args := []string{"train", "-json", "-save-every", "1", "-workers", strconv.Itoa(1 + rand.IntN(3))}
	if _, err := os.Stat(filepath.Join(v.dir, run.ConfigFile)); err == nil {
		return append(args, "-resume", v.dir)
	}
	return append(args, "-out", v.dir, "-data", "mnist", "-dir", v.data, "-model", "mlp:784-128-10", "-val", "100", "-limit", "200",
		"-batch", "50", "-epochs", strconv.Itoa(victimEpochs), "-seeds", strconv.Itoa(victimSeeds))
}

// seedFolder is that of a seed, from 0 on.
func (v *victim) seedFolder(seed int) string {
	return filepath.Join(v.dir, fmt.Sprintf("seed-%d", seed))
}

// sitting starts a process, kills it when until returns, and looks at what it
// left. It says whether the process was killed before it had ended.
func (v *victim) sitting(until func(ended <-chan error)) bool {
	cmd := process(v.t, nil, v.args()...)
	var out, people bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &people
	require.NoError(v.t, cmd.Start())
	ended, result := make(chan error), make(chan error, 1)
	go func() {
		result <- cmd.Wait()
		close(ended)
	}()
	until(ended)
	if err := cmd.Process.Kill(); err != nil {
		require.ErrorIs(v.t, err, os.ErrProcessDone)
	}
	<-ended
	err := <-result
	killed := !cmd.ProcessState.Exited()
	if !killed {
		require.Equal(v.t, cli.ExitOK, exitCodeOf(v.t, err), people.String())
	}
	v.look(out.String(), people.String())
	return killed
}

// moment returns when to kill: at a random moment of the first half of a run of
// that length, or at a random one of the next checkpoints, while it is being
// written.
func (v *victim) moment(length time.Duration) func(ended <-chan error) {
	if rand.IntN(2) == 0 {
		delay := rand.N(length / 2)
		return func(ended <-chan error) {
			select {
			case <-time.After(delay):
			case <-ended:
			}
		}
	}
	which := 1 + rand.IntN(victimEpochs*victimBatches)
	return func(ended <-chan error) {
		seen := map[string]bool{}
		for len(seen) < which {
			for _, name := range v.temporary() {
				if !v.halves[name] { // of an earlier kill
					seen[name] = true
				}
			}
			select {
			case <-time.After(50 * time.Microsecond):
			case <-ended:
				return
			}
		}
	}
}

// temporary lists the files that become checkpoints once they are whole.
func (v *victim) temporary() []string {
	names, err := filepath.Glob(filepath.Join(v.dir, "seed-*", "."+run.CheckpointFile+".*.tmp"))
	require.NoError(v.t, err)
	return names
}

var goesOn = regexp.MustCompile(`goes on after (\d+) batches of epoch (\d+)`)

// look sees that nothing is lost.
func (v *victim) look(out, people string) {
	before := v.kept
	v.kept = 0
	for seed := range victimSeeds {
		c, err := checkpoint.Load(filepath.Join(v.seedFolder(seed), run.CheckpointFile))
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		require.NoError(v.t, err, "a checkpoint is whole")
		v.kept += c.Progress.Epoch*victimBatches + c.Progress.Batch
	}
	if v.halves == nil {
		v.halves = map[string]bool{}
	}
	for _, name := range v.temporary() {
		v.halves[name] = true
	}
	require.GreaterOrEqual(v.t, v.kept, before, "what was saved stays")
	// A resumed process tells of all epochs, those of earlier ones too.
	told := strings.Count(out, `{"event":"epoch"`) * victimBatches
	require.GreaterOrEqual(v.t, v.kept, told-1, "only the latest batch is not saved yet")
	if m := goesOn.FindStringSubmatch(people); m != nil {
		batch, _ := strconv.Atoi(m[1])
		epoch, _ := strconv.Atoi(m[2])
		const ofSeed = victimEpochs * victimBatches
		require.Equal(v.t, before%ofSeed, ((epoch-1)*victimBatches+batch)%ofSeed, "it goes on where it was")
	}
}

var runTimes = regexp.MustCompile(`"(seconds|samples_per_second)":[^,}]*`)

// outcome is all that a run leaves, but for times.
func (v *victim) outcome() map[string]string {
	metrics, err := os.ReadFile(filepath.Join(v.dir, run.MetricsFile))
	require.NoError(v.t, err)
	lines := runTimes.ReplaceAllString(string(metrics), `"$1":0`)
	list := map[string]string{"metrics": regexp.MustCompile(`"workers":\d+`).ReplaceAllString(lines, `"workers":0`)}
	for seed := range victimSeeds {
		best, err := os.ReadFile(filepath.Join(v.seedFolder(seed), run.BestFile))
		require.NoError(v.t, err)
		list[fmt.Sprint("best ", seed)] = fmt.Sprintf("%x", sha256.Sum256(best))
		c, err := checkpoint.Load(filepath.Join(v.seedFolder(seed), run.CheckpointFile))
		require.NoError(v.t, err)
		list[fmt.Sprint("progress ", seed)] = fmt.Sprint(c.Progress)
		list[fmt.Sprint("parameters ", seed)] = fmt.Sprintf("%x", pcn.Digest(c.Snapshot.Parameters))
		o := c.Snapshot.Optimizer
		list[fmt.Sprint("optimiser ", seed)] = fmt.Sprintf("%d %v %x %x", o.Count, o.Steps, pcn.Digest(o.First), pcn.Digest(o.Second))
	}
	return list
}
