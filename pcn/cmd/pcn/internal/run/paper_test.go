package run

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/tinyset"
)

// paperTask is a task with the paper's protocol that learns in few epochs.
func paperTask(t *testing.T, more ...string) *Task {
	t.Helper()
	s := Defaults()
	for _, setting := range append([]string{"data=mnist", "dir=" + tinyset.MNIST(t), "model=mlp:784-8-10",
		"rule=bp", "lr=0.01", "limit=128", "batch=64", "epochs=40", "paper-protocol=true"}, more...) {
		name, value, _ := strings.Cut(setting, "=")
		require.NoError(t, s.Set(name, value))
	}
	task, err := NewTask(s)
	require.NoError(t, err)
	return task
}

func TestPaperProtocol(t *testing.T) {
	var list []EpochEvent
	r, err := paperTask(t).Train(t.Context(), 0, Hooks{Epoch: func(e EpochEvent) error {
		list = append(list, e)
		return nil
	}})
	require.NoError(t, err)
	best, at := -1.0, 0
	for _, e := range list {
		require.Nil(t, e.Validation)
		v := float64(*e.Test)
		require.Zero(t, math.Mod(v*64, 1), "the last partial batch of 100 test images is left out")
		if v > best {
			best, at = v, e.Epoch
		}
	}
	require.Equal(t, BestEvent{Event: "best", Epoch: at, Test: cli.Number(best), Protocol: "paper"}, *r.Best)
	require.Len(t, list, min(at+10, 40), "training ends after 10 epochs without a new best")
	require.Less(t, len(list), 40)
	require.GreaterOrEqual(t, r.Test, 0.0, "after the last epoch, on all images")
}

// Whoever reads the results is told how the epoch was chosen.
func TestPaperProtocolIsLabelled(t *testing.T) {
	var people, metrics bytes.Buffer
	log := NewLog(cli.Streams{Out: &people, Err: io.Discard}, false)
	log.WriteJSON(&metrics)
	require.NoError(t, paperTask(t, "epochs=2", "seeds=2").Run(t.Context(), log, Hooks{}))
	require.Contains(t, people.String(), "chosen by the test images themselves (the paper's protocol)")
	require.Contains(t, people.String(), "at the best test epoch (the paper's protocol)")
	labelled := 0
	for line := range strings.Lines(metrics.String()) {
		var e map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		require.NotContains(t, e, "validation_accuracy")
		if e["event"] == "best" || e["event"] == "summary" {
			require.Equal(t, "paper", e["protocol"])
			labelled++
		}
	}
	require.Equal(t, 3, labelled)
}

func TestPaperProtocolLeavesNothingToValidate(t *testing.T) {
	s := Defaults()
	require.NoError(t, s.Set("paper-protocol", "true"))
	require.NoError(t, s.Set("val", "100"))
	_, err := Plan(s)
	require.ErrorContains(t, err, "leave -val out, or -paper-protocol")
}

// Records of runs without it are as they were before it was there.
func TestPaperProtocolIsLeftOutOfOtherRecords(t *testing.T) {
	s := Defaults()
	require.NotContains(t, fields(&s), "paper_protocol")
}
