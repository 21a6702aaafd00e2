package main

import (
	"fmt"
	"os"
	"strings"
)

// The lines between which a page holds what was measured.
const (
	sectionBegin = "<!-- measured by go run ./internal/bench -->"
	sectionEnd   = "<!-- end of measured part -->"
)

// replaceSection writes text between the marks of a page.
func replaceSection(page, text string) error {
	data, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(data), sectionBegin)
	if !ok {
		return fmt.Errorf("%s has no line %s", page, sectionBegin)
	}
	_, after, ok := strings.Cut(rest, sectionEnd)
	if !ok {
		return fmt.Errorf("%s has no line %s", page, sectionEnd)
	}
	return os.WriteFile(page, []byte(before+sectionBegin+"\n"+text+sectionEnd+after), 0o644)
}
