package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// difference names the first file that two folders do not both have with the
// same bytes.
func difference(a, b string) (string, error) {
	left, err := tree(a)
	if err != nil {
		return "", err
	}
	right, err := tree(b)
	if err != nil {
		return "", err
	}
	all := slices.Concat(left, right)
	slices.Sort(all)
	for _, name := range slices.Compact(all) {
		if !slices.Contains(left, name) || !slices.Contains(right, name) {
			return name, nil
		}
		x, err := os.ReadFile(filepath.Join(a, name))
		if err != nil {
			return "", err
		}
		y, err := os.ReadFile(filepath.Join(b, name))
		if err != nil {
			return "", err
		}
		if !bytes.Equal(x, y) {
			return name, nil
		}
	}
	return "", nil
}

// tree lists the files under a folder.
func tree(dir string) (list []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		list = append(list, name)
		return err
	})
	return list, err
}
