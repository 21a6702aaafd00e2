// Package mp4 writes ISO base media files from encoded samples: whole
// progressive files with the index in front (Writer), and the init and media
// segments of CMAF tracks (Fragmenter).
//
// Boxes are built with Eyevinn/mp4ff, whose panics do not leave this package.
// All timestamps are exact: nothing is rounded but durations in the movie
// header, to one tick of its timescale.
package mp4
