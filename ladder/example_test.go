package ladder_test

import (
	"fmt"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/ladder"
)

// A clip from an upright phone, at a bitrate the top rungs of the base ladder
// would waste.
func ExampleAuto() {
	clip := &rendition.Media{Streams: []rendition.Stream{{
		Type: rendition.Video, Codec: rendition.H265, Bitrate: 3_000_000,
		Video: &rendition.VideoInfo{Width: 1920, Height: 1080, Rotation: 90, FrameRate: rendition.Rational{Num: 30, Den: 1}},
	}}}
	rungs, err := ladder.Auto(clip, &ladder.Options{MinHeight: 360})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(rungs)
	// Output:
	//        size  kb/s    peak  buffer  codec  profile     fps
	//     360x640   365   547.5    1095   h264     high  source
	//     432x768   730    1095    2190   h264     high  source
	//     432x768  1100    1650    3300   h264     high  source
	//     540x960  1738    2607    5214   h264     high  source
	//    720x1280  2677  4015.5    8031   h264     high  source
	//   1080x1920  4918    7377   14754   h264     high  source
}

func ExampleFit() {
	phone := &rendition.VideoInfo{Width: 1920, Height: 1080, Rotation: 90}
	fmt.Println(ladder.Fit(phone, 0, 720))
	film := &rendition.VideoInfo{Width: 1920, Height: 804}
	fmt.Println(ladder.Fit(film, 1280, 720))
	// Output:
	// 720 1280
	// 1280 536
}

func ExampleValidate() {
	err := ladder.Validate(ladder.Ladder{
		{Width: 641, Height: 360, Bitrate: 500_000},
		{Width: 1280, Height: 720, Bitrate: 400_000},
	})
	fmt.Println(err)
	// Output:
	// ladder: validate: ladder[0].width: got 641, allowed: an even number from 2 to 16384
	// ladder: validate: ladder[1].bitrate: got 400000, allowed: more than ladder[0].bitrate, which is 500000
}

func ExampleDefaultRung() {
	fmt.Println(ladder.DefaultRung(rendition.H264, 854, 480, rendition.Rational{}))
	// Output:
	// 854x480 h264 high 1460 kb/s (peak 2190, buffer 4380 kb)
}

func ExampleLadder_String() {
	fmt.Println(ladder.VP9())
	// Output:
	//        size   kb/s   peak  buffer  codec  profile     fps
	//     426x240    150    225     450    vp9        0      30
	//     640x360    276    414     828    vp9        0      30
	//     854x480    512    768    1536    vp9        0      30
	//     854x480    750   1125    2250    vp9        0      30
	//    1280x720   1024   1536    3072    vp9        0  source
	//   1920x1080   1800   2700    5400    vp9        0  source
	//   2560x1440   6000   9000   18000    vp9        0  source
	//   3840x2160  12000  18000   36000    vp9        0  source
}
