// Package python lets tests ask the real Python packages what they make of a
// file.
package python

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// Run runs a script with arguments and returns what it prints. It skips the test,
// saying why, where Python or one of the modules that the script needs is
// missing. GOPCN_PYTHON names the interpreter; it is python3 by default.
func Run(t *testing.T, modules []string, script string, args ...string) string {
	t.Helper()
	interpreter := os.Getenv("GOPCN_PYTHON")
	if interpreter == "" {
		interpreter = "python3"
	}
	if _, err := exec.LookPath(interpreter); err != nil {
		t.Skipf("needs Python: %v", err)
	}
	for _, m := range modules {
		if out, err := exec.Command(interpreter, "-c", "import "+m).CombinedOutput(); err != nil {
			lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
			t.Skipf("needs the Python packages of pcn/internal/python/requirements.txt (pip install -r): %s", lines[len(lines)-1])
		}
	}
	cmd := exec.Command(interpreter, append([]string{"-c", script}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	return string(out)
}
