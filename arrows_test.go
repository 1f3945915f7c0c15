package gopcn

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/gopcn/gopcn"

// pkg is what go list says of a package; test files do not count.
type pkg struct {
	ImportPath string
	Name       string
	Deps       []string
	Standard   bool
}

func listPackages(t *testing.T) map[string]pkg {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skipf("needs the go command: %v", err)
	}
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Name,Deps,Standard", "./...").Output()
	require.NoError(t, err)
	list := map[string]pkg{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err)
		list[p.ImportPath] = p
	}
}

// forbidden says why package from must not depend on package to, or "".
func forbidden(from, to pkg) string {
	f, inside := strings.CutPrefix(from.ImportPath, module+"/")
	d, own := strings.CutPrefix(to.ImportPath, module+"/")
	if !inside || to.Standard {
		return ""
	}
	room, _, _ := strings.Cut(f, "/")
	target, _, _ := strings.Cut(d, "/")
	cpuid := strings.HasPrefix(to.ImportPath, "github.com/klauspost/cpuid/v2") ||
		strings.HasPrefix(to.ImportPath, "golang.org/x/sys/")
	switch {
	case own && to.Name == "main":
		return "nothing imports a command"
	case own && target == "bench":
		return "nothing imports bench"
	case room == "kernels" && own:
		return "kernels imports nothing of the module"
	case room == "kernels" && !cpuid:
		return "kernels imports cpuid and the standard library alone"
	case f == "tune/profile" && own && target != "kernels":
		return "tune/profile imports kernels alone"
	case room == "pcn" && !strings.HasPrefix(f, "pcn/cmd/") && own && target != "kernels" && target != "pcn":
		return "pcn imports kernels alone"
	case strings.HasPrefix(to.ImportPath, "gonum.org/v1/plot") && !strings.HasPrefix(f, "pcn/cmd/"):
		return "figures are the command's"
	case room == "tune" && own && target == "pcn":
		return "tune knows no networks"
	}
	return ""
}

func TestImportArrows(t *testing.T) {
	list := listPackages(t)
	require.Contains(t, list, module+"/kernels")
	for _, p := range list {
		for _, dep := range p.Deps {
			if why := forbidden(p, list[dep]); why != "" {
				t.Errorf("%s depends on %s: %s", p.ImportPath, dep, why)
			}
		}
	}
}

// TestForbiddenArrows is the control: each of these must be refused.
func TestForbiddenArrows(t *testing.T) {
	own := func(path, name string) pkg { return pkg{ImportPath: module + "/" + path, Name: name} }
	for _, arrow := range [][2]pkg{
		{own("kernels", "kernels"), own("pcn", "pcn")},
		{own("kernels", "kernels"), {ImportPath: "gonum.org/v1/gonum/mat"}},
		{own("pcn", "pcn"), own("tune/measure", "measure")},
		{own("pcn/data", "data"), own("bench/table", "table")},
		{own("pcn/cmd/pcn", "main"), own("tune", "main")},
		{own("bench", "main"), {ImportPath: "gonum.org/v1/plot/vg"}},
		{own("tune/profile", "profile"), own("tune/measure", "measure")},
	} {
		require.NotEmpty(t, forbidden(arrow[0], arrow[1]), arrow)
	}
	require.Empty(t, forbidden(own("pcn/cmd/pcn", "main"), own("tune/profile", "profile")))
	require.Empty(t, forbidden(own("pcn/models", "models"), own("pcn", "pcn")))
	require.Empty(t, forbidden(own("kernels", "kernels"), pkg{ImportPath: "github.com/klauspost/cpuid/v2"}))
}
