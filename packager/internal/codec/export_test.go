package codec

import "github.com/rendition-sdk/rendition"

// ParameterSets lists the sets of a configuration record.
func ParameterSets(name rendition.Codec, record []byte, yield func(nal []byte)) error {
	read := readAVCRecord
	if name == rendition.H265 {
		read = readHEVCRecord
	}
	_, sets, _, err := read(record)
	for _, s := range sets {
		yield(s)
	}
	return err
}
