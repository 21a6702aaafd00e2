package transcode

import "reflect"

// laterTypes are output types of later versions, with what they make.
var laterTypes = map[string]string{
	"dash": `output type "dash"`,
	"cmaf": `output type "cmaf"`,
}

// laterFields are fields of later versions.
var laterFields = map[reflect.Type]map[string]string{
	reflect.TypeFor[FileOutput](): {"subtitles": "carrying subtitles"},
	reflect.TypeFor[HLSOutput](): {
		"subtitles":        "carrying subtitles",
		"single_file":      "one file a rendition",
		"iframe_playlists": "a playlist of key frames",
	},
	reflect.TypeFor[AudioSettings](): {"loudness": "setting the loudness"},
}
