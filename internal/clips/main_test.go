package clips_test

import (
	"flag"
	"testing"

	"github.com/rendition-sdk/rendition/internal/leak"
)

var (
	tablePage  = flag.String("table", "", "`page` whose table TestTable writes; without it the test is skipped")
	everyPage  = flag.String("every", "", "`page` that TestEvery writes; without it the test is skipped")
	onlyClips  = flag.String("only", "", "run clips whose path contains this `text` alone")
	keepFolder = flag.String("keep", "", "`folder` that keeps what TestTable and TestEvery made")
)

func TestMain(m *testing.M) { leak.Main(m) }
