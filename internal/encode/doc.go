// Package encode runs the encode graph of a job: one read of the source, one
// decode of each stream, and every encode, still and preview from it.
//
//	demux -> decode -+-> deinterlace -> constant rate -> size 1 -+-> encoder -> SampleWriter
//	                 |                                           +-> size 2 -+-> encoder
//	                 |                                                       +-> size 3 ...
//	                 +-> stills, sprite sheets
//	                 +-> animated preview
//
// Each arrow is a bounded queue and each box a goroutine owned by Run, which
// returns when all of them have ended. Frames stay in C memory; only encoded
// samples and images become Go bytes.
package encode
