package main

import (
	"fmt"
	"slices"

	"github.com/rendition-sdk/rendition/transcode"
)

// scenario is one thing that is measured.
type scenario struct {
	// name is what -only takes; title and about are for people.
	name, title, about string
	// clips are the sources; with several, the median over them counts.
	clips func(o *options) []clip
	job   func(o *options, in string) *transcode.Job
	// ours comes first, then its peers.
	sides   []side
	targets []target
	// identical says that all sides must write the same bytes.
	identical bool
	// whole says that only the size of all that was published is compared.
	whole bool
}

// side is one way to get the scenario's outputs.
type side struct {
	name  string
	steps func(t *trial) ([]step, error)
}

// trial is what a side is given to do.
type trial struct {
	plan    *transcode.Plan
	job     *transcode.Job
	in      string
	dir     string // where the outputs go, laid out alike by all sides
	scratch string // a folder beside it
}

// chosen are the scenarios with the names given, all of them for none.
func chosen(only []string) ([]*scenario, error) {
	all := scenarios()
	if len(only) == 0 {
		return all, nil
	}
	for _, name := range only {
		if !slices.Contains(names(), name) {
			return nil, fmt.Errorf("no scenario %q; there are %v", name, names())
		}
	}
	return slices.DeleteFunc(all, func(s *scenario) bool { return !slices.Contains(only, s.name) }), nil
}

func names() []string {
	var list []string
	for _, s := range scenarios() {
		list = append(list, s.name)
	}
	return list
}
