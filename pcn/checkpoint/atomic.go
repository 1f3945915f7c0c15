package checkpoint

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// WriteFile puts a file in place that content writes, instead of a file that may
// be there. At every moment, and after a crash or loss of power at any moment,
// there is the old file or the new one, and never a part: the content goes to a
// temporary file in the same folder, which reaches the disk before it is renamed.
// An error, be it that of content, leaves the old file and no temporary one. A
// symbolic link is replaced, not followed.
//
// A process that is killed while it writes leaves its temporary file behind; see
// [RemoveTemporary].
func WriteFile(path string, content func(io.Writer) error) error {
	if err := writeFile(path, content); err != nil {
		return fmt.Errorf("checkpoint: %s was not written, and what was there before is left alone: %w", path, err)
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("checkpoint: %s is written, but may not survive a loss of power: %w", path, err)
	}
	return nil
}

func writeFile(path string, content func(io.Writer) error) (err error) {
	file, err := createTemporary(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			file.Close()
			os.Remove(file.Name())
		}
	}()
	w := bufio.NewWriterSize(file, 1<<16)
	if err := content(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// Temporary files have 64 random bits in their names.
const temporarySuffix = ".tmp"

func temporaryPrefix(name string) string { return "." + name + "." }

// createTemporary makes the file that becomes path, readable as any new file is.
func createTemporary(path string) (*os.File, error) {
	dir, name := filepath.Split(path)
	for {
		random := fmt.Sprintf("%016x", rand.Uint64())
		file, err := os.OpenFile(dir+temporaryPrefix(name)+random+temporarySuffix, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return file, err
		}
	}
}

// syncFolder makes a rename last. Windows has no way to, and some network file
// systems no need.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	err = folder.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		return nil
	}
	return err
}

// RemoveTemporary removes what interrupted calls of [WriteFile] for path have
// left behind. No other process may be writing path.
func RemoveTemporary(path string) error {
	dir, name := filepath.Split(path)
	entries, err := os.ReadDir(filepath.Clean(dir))
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	for _, e := range entries {
		random, ours := strings.CutPrefix(e.Name(), temporaryPrefix(name))
		random, temporary := strings.CutSuffix(random, temporarySuffix)
		if _, err := strconv.ParseUint(random, 16, 64); !ours || !temporary || len(random) != 16 || err != nil {
			continue
		}
		if err := os.Remove(dir + e.Name()); err != nil {
			return fmt.Errorf("checkpoint: %w", err)
		}
	}
	return nil
}
