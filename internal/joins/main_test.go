package joins_test

import (
	"flag"
	"testing"

	"github.com/rendition-sdk/rendition/internal/leak"
)

var (
	tablePage = flag.String("table", "", "`page` whose table TestTable writes; without it the test is skipped")
	only      = flag.String("only", "", "run what has this `text` in its name alone")
)

func TestMain(m *testing.M) { leak.Main(m) }
