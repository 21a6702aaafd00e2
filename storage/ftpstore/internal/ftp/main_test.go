package ftp

import (
	"testing"

	"github.com/rendition-sdk/rendition/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }
