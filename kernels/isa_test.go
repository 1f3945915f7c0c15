package kernels

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRequiredISA fails a run that claims to test a tier which this process
// does not have: GOPCN_REQUIRE_ISA names the tier that must be the best.
func TestRequiredISA(t *testing.T) {
	name := os.Getenv("GOPCN_REQUIRE_ISA")
	if name == "" {
		t.Skip("GOPCN_REQUIRE_ISA is not set")
	}
	want, err := ParseISA(name)
	require.NoError(t, err)
	require.Equal(t, want, Default().ISA())
	_, err = For(want)
	require.NoError(t, err)
}

func TestISANames(t *testing.T) {
	for _, isa := range []ISA{Generic, AVX2, AVX512} {
		parsed, err := ParseISA(isa.String())
		require.NoError(t, err)
		require.Equal(t, isa, parsed)
	}
	_, err := ParseISA("AVX2")
	require.ErrorContains(t, err, "use generic, avx2 or avx512")
	require.Equal(t, "ISA(9)", ISA(9).String())
	_, err = For(ISA(9))
	require.Error(t, err)
}

// TestCap runs this test binary again under values of GOPCN_ISA.
func TestCap(t *testing.T) {
	if value, ok := os.LookupEnv("GOPCN_TEST_CAP"); ok {
		list, err := Available()
		fmt.Printf("%s: %v %v %v\n", value, list, Default().ISA(), err)
		for _, isa := range []ISA{Generic, AVX2, AVX512} {
			h, err := For(isa)
			if err == nil && h.ISA() != isa {
				t.Fatalf("For(%v) gave %v", isa, h.ISA())
			}
			fmt.Printf("For(%v): %v\n", isa, err)
		}
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Skipf("this platform does not name its executable: %v", err)
	}
	under := func(value string) string {
		cmd := exec.Command(exe, "-test.run=^TestCap$")
		cmd.Env = append(os.Environ(), "GOPCN_TEST_CAP="+value, EnvISA+"="+value)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		return string(out)
	}
	out := under("generic")
	require.Contains(t, out, "generic: [generic] generic <nil>")
	require.Contains(t, out, "For(generic): <nil>")
	require.NotContains(t, out, "For(avx2): <nil>")

	out = under("")
	require.Contains(t, out, fmt.Sprintf("For(%v): <nil>", Detected()))

	out = under("fast")
	require.Contains(t, out, `fast: [generic] generic kernels: unknown instruction tier "fast"`)
	require.Contains(t, out, EnvISA)
	require.NotContains(t, out, ": <nil>")

	if Detected() >= AVX2 {
		out = under("avx2")
		require.Contains(t, out, "avx2: [generic avx2] avx2 <nil>")
		require.Contains(t, out, "For(avx512): kernels: avx512 is")
	}
}

// TestAssemblyText looks at the committed assembly: no AVX-512 register in the
// AVX2 files, and VZEROUPPER before every return. That the instructions
// themselves are within the tier is checked when the files are generated.
func TestAssemblyText(t *testing.T) {
	files, err := filepath.Glob("*_amd64.s")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, checkAssembly(string(text), strings.Contains(file, "avx2")), file)
	}
	require.Error(t, checkAssembly("\tVADDPS Y1, Y16, Y2\n", true))
	require.Error(t, checkAssembly("\tVADDPS (AX), Z1, Z2\n", true))
	require.Error(t, checkAssembly("\tVADDPS Y1, K1, Y2\n", true))
	require.NoError(t, checkAssembly("\tVADDPS Y1, K1, Y17\n\tVZEROUPPER\n\tRET\n", false))
	require.Error(t, checkAssembly("\tVADDPS Y1, Y3, Y2\n\tRET\n", false))
}

var beyondAVX2 = regexp.MustCompile(`\b(Y(1[6-9]|2[0-9]|3[01])|X(1[6-9]|2[0-9]|3[01])|Z[0-9]+|K[0-7])\b`)

func checkAssembly(text string, avx2 bool) error {
	previous := ""
	for n, line := range strings.Split(text, "\n") {
		code, _, _ := strings.Cut(strings.TrimSpace(line), "//")
		if code == "" {
			continue
		}
		if avx2 && beyondAVX2.MatchString(code) {
			return fmt.Errorf("line %d: %s", n+1, code)
		}
		if code == "RET" && previous != "VZEROUPPER" {
			return fmt.Errorf("line %d: RET without VZEROUPPER", n+1)
		}
		previous = code
	}
	return nil
}
