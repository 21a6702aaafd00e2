//go:build cgo

package av

import "golang.org/x/sys/cpu"

// x264Kernels names the instructions that x264 may use, empty for all the
// machine has. On machines with AVX-512 it is kept to AVX2: at least in r3095 the
// AVX-512 code that weighs blocks by what refers to them (mbtree) reads memory
// that nobody has written, for most widths that are no multiple of 128. What an
// encode gives then depends on what the process did before. Without it machines with
// and without AVX-512 write the same bytes, too.
func x264Kernels() string {
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX2 && cpu.X86.HasFMA && cpu.X86.HasBMI2 {
		return "AVX2,FMA3,BMI2"
	}
	return ""
}
