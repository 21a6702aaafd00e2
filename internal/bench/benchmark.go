package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/rendition-sdk/rendition/internal/page"
)

// The lines between which a page holds what was measured.
const (
	sectionBegin = "<!-- measured by go run ./internal/bench -->"
	sectionEnd   = "<!-- end of measured part -->"
)

// benchmark runs the chosen scenarios and writes what was measured.
func benchmark(ctx context.Context, o *options, stdout, log io.Writer) error {
	list, err := chosen(o.only)
	if err != nil {
		return err
	}
	results, err := loadResults(o.results)
	if err != nil {
		return err
	}
	if o.work == "" {
		if o.work, err = os.MkdirTemp("", "rendition-bench-"); err != nil {
			return err
		}
		if !o.keep {
			defer func() { _ = os.RemoveAll(o.work) }()
		}
	}
	for _, s := range list {
		r, err := s.measure(ctx, o, log)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		results[s.name] = r
		if err := saveResults(o.results, results); err != nil {
			return err
		}
	}
	text := markdown(results)
	_, _ = fmt.Fprint(stdout, text)
	if o.page == "" {
		return nil
	}
	return page.Replace(o.page, sectionBegin, sectionEnd, text)
}
