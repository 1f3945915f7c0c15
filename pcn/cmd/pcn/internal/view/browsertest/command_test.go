package browsertest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// folder holds what tests build.
var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "pcn-browsertest-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// program is pcn, built once from the repository around this module.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(folder, "pcn.exe")
	build := exec.Command("go", "build", "-o", path, "./pcn/cmd/pcn")
	build.Dir = filepath.FromSlash("../../../../../..")
	build.Stderr = os.Stderr
	return path, build.Run()
})

func pcn(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := program()
	require.NoError(t, err)
	return exec.Command(path, args...)
}

// small are the arguments of a run that learns something in no time.
func small(more ...string) []string {
	return append([]string{"train", "-limit", "3000", "-model", "mlp:784-32x4-10", "-workers", "1"}, more...)
}

// A training is a run of pcn train -view.
type training struct {
	cmd *exec.Cmd
	url string
}

// start starts training at an address and waits until its page is served.
func start(t *testing.T, address string, args ...string) *training {
	t.Helper()
	cmd := pcn(t, append(args, "-view", address)...)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	run := &training{cmd: cmd}
	t.Cleanup(run.kill)
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "view "); ok {
			run.url = strings.TrimSpace(url)
			break
		}
	}
	require.NotEmpty(t, run.url, "pcn says where the page is")
	go func() {
		for lines.Scan() { // so that it can go on writing
		}
	}()
	return run
}

// address is host and port of the page.
func (r *training) address() string {
	return strings.TrimSuffix(strings.TrimPrefix(r.url, "http://"), "/")
}

// kill ends the training as a crash would.
func (r *training) kill() {
	r.cmd.Process.Kill()
	r.cmd.Wait()
}
