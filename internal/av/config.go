//go:build cgo

package av

// Config is the decoder configuration (extradata) of a stream in Go memory;
// empty where the container has none.
func (in *Input) Config(stream int) []byte {
	return append([]byte(nil), in.stream(stream).CodecParameters().ExtraData()...)
}
