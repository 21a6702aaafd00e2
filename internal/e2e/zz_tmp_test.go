package e2e_test
import ("testing")
func TestTmp(t *testing.T) {
	requirePlays(t, openBrowser(t), serve(t, "/tmp/qs/hls", nil), "master.m3u8", expectation{duration: 10, heights: []int{360}})
}
func TestTmpJS(t *testing.T) {
	requirePlays(t, openBrowser(t), serve(t, "/tmp/qs/hls", map[string][]byte{"hls.js": hlsJS(t)}), "master.m3u8", expectation{duration: 10, heights: []int{360}})
}
