package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestUpToDate fails if a family was generated without the constant.
func TestUpToDate(t *testing.T) {
	want, err := source("../../kernels")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../kernels/product_sum.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n"))) {
		t.Error("kernels/product_sum.go is not that of the assembly beside it: go generate ./...")
	}
}

func TestSumSeesAChange(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "kernels")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, family := range families {
		if family != "pack" {
			write(family+"_avx2_amd64.s", "RET\n")
		}
	}
	if _, err := source(folder); err == nil {
		t.Error("no error without the assembly of pack")
	}
	write("pack_avx2_amd64.s", "RET\n")
	before, err := source(folder)
	if err != nil {
		t.Fatal(err)
	}
	write("pack_avx2_amd64.s", "RET\r\n")
	if same, _ := source(folder); !bytes.Equal(before, same) {
		t.Error("the ends of lines count")
	}
	write("pack_avx2_amd64.s", "RET\nRET\n")
	if other, _ := source(folder); bytes.Equal(before, other) {
		t.Error("a change goes unseen")
	}
}
