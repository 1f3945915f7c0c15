package checkpoint

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A disk that takes no more bytes in the middle of a file, played by a limit on
// the size of files in a process of its own.
func TestFullDisk(t *testing.T) {
	const variable = "CHECKPOINT_TEST_FULL_DISK"
	if path := os.Getenv(variable); path != "" {
		signal.Ignore(syscall.SIGXFSZ)
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 100_000, Max: 100_000}))
		require.ErrorIs(t, WriteFile(path, text(strings.Repeat("n", 1<<20))), syscall.EFBIG)
		require.NoError(t, WriteFile(path+" that fits", text("small")))
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	require.NoError(t, WriteFile(path, text("old")))
	child := exec.Command(os.Args[0], "-test.run=^TestFullDisk$")
	child.Env = append(os.Environ(), variable+"="+path)
	output, err := child.CombinedOutput()
	require.NoError(t, err, string(output))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "old", string(got))
	require.Equal(t, []string{"x", "x that fits"}, files(t, dir))
}
