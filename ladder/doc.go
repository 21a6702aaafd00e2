// Package ladder answers one question: which renditions should a source get?
// It is arithmetic on sizes, rates and codecs. It opens no file, starts no
// goroutine, needs no cgo, and the same arguments give the same ladder.
//
// # Three ways to a ladder
//
//   - A built-in one as published: [AppleH264], [AppleHEVC], [AppleHEVCHDR],
//     [AV1] and [VP9].
//   - [Auto] bends a built-in ladder, or one of your own in [Options.Base], to
//     one source: its shape, frame rate and bitrate.
//   - By hand, as a literal of type [Ladder], checked by [Validate]. [Fit] turns
//     "720 lines" into a width and height for one source, [DefaultRung] adds
//     the rates.
//
// # Sizes
//
// A rung is named after its short side: "1080" is 1920x1080 for a television
// program and 1080x1920 for a clip from an upright phone. Sizes are display
// sizes (after sample aspect and rotation) in square pixels, always even, never
// above [MaxDimension], and never larger than the source. Evenness wins over
// the last: a source with a side of one pixel gets two. A source that lies
// between two rungs gets one of its own size, so that 804 lines of film are
// not thrown away for 720.
//
// # Rates
//
// The bitrate of a rung in Auto is the least of two figures. The first is the
// base ladder's, multiplied by
//
//   - (aspect / base aspect)^0.75, since a picture that is wider at the same
//     height has more pixels, and the bits that keep a quality grow with
//     about the 0.75th power of the pixels;
//   - 2 when the rung runs faster than 30 frames per second. The published
//     tables are for 30 frames per second, and twice the pictures get twice the
//     budget;
//   - 0.8 for HEVC, and AV1 which is derived from it, at 24 frames per second
//     or fewer, as Apple's note to its table says.
//
// The second is what the source has to give: its own video bitrate, times the
// efficiency of the target codec over that of the source's codec (HEVC needs
// 0.61 of the bits of H.264, AV1 0.51), times (pixels / source pixels)^0.75. So
// no rung spends bits on detail that is not there, and none lies above the
// source's adjusted bitrate.
//
// Of two rungs nearer to each other than a factor of 1.2 in bitrate, the
// smaller is dropped: a viewer could not tell them apart. The largest rung
// always stays, so a ladder has at least one.
//
// # Peaks
//
// MaxBitrate is 1.5 times the average and BufferSize two seconds of it. A full
// buffer spent in a six second segment then makes (6*1.5 + 3)/6 = 2 times the
// average, the most that Apple's clause 1.30 recommends for video on demand.
package ladder
