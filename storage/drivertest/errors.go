package drivertest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// errorsGroup makes the failures of Harness.Errors and looks at their texts.
func errorsGroup(e *env) {
	for _, c := range e.h.Errors {
		e.run(c.Name, func(t *testing.T, _ string) {
			err := c.Do(t.Context(), t)
			requireKind(t, c.Kind, err)
			require.ErrorContains(t, err, c.Mentions)
			e.noSecret(t, err.Error(), fmt.Sprintf("%+v", err))
		})
	}
	e.run("bucket prints no secret", func(t *testing.T, _ string) {
		e.noSecret(t, fmt.Sprintf("%v %+v %s", e.bkt, e.bkt, e.bkt), fmt.Sprintf("%#v", e.bkt), e.bkt.Name(), e.bkt.Source("a").Name())
	})
}

func (e *env) noSecret(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		for _, secret := range e.h.Secrets {
			require.NotContains(t, text, secret)
		}
	}
}
