// The C side of this package: callbacks that libav calls, and calls into libav
// that carry the owner of the log lines they cause.

#ifndef RENDITION_AV_SHIM_H
#define RENDITION_AV_SHIM_H

#include <stdint.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

// Log lines: see log.go. An owner is a small number, 0 for none.
void rd_log_install(void);

// A guard makes libav stop what it is doing: see interrupt.go.
typedef struct rd_guard rd_guard;
rd_guard *rd_guard_new(void);
void rd_guard_free(rd_guard *g);
void rd_guard_stop(rd_guard *g);
AVIOInterruptCB rd_guard_callback(rd_guard *g);

// I/O through Go: see io.go. handle is a runtime/cgo.Handle.
AVIOContext *rd_io_new(uintptr_t handle, int buffer_size, int writable, int seekable);
void rd_io_free(AVIOContext *pb);

// Demuxing. rd_open_input frees *fc when it fails.
AVFormatContext *rd_input_new(AVIOContext *pb, rd_guard *g, uintptr_t owner);
int rd_probe_format(AVIOContext *pb, const AVInputFormat **fmt, const char *name, int limit, uintptr_t owner);
int rd_open_input(AVFormatContext **fc, const AVInputFormat *fmt, AVDictionary **options, uintptr_t owner);
int rd_find_stream_info(AVFormatContext *fc, uintptr_t owner);
int rd_read_frame(AVFormatContext *fc, AVPacket *p, uintptr_t owner);
int rd_seek(AVFormatContext *fc, int stream, int64_t min, int64_t ts, int64_t max, int flags, uintptr_t owner);
void rd_close_input(AVFormatContext **fc, uintptr_t owner);

// Muxing.
void rd_output_guard(AVFormatContext *fc, AVIOContext *pb, rd_guard *g);
int rd_write_header(AVFormatContext *fc, AVDictionary **options, uintptr_t owner);
int rd_write_frame(AVFormatContext *fc, AVPacket *p, uintptr_t owner);
int rd_write_trailer(AVFormatContext *fc, uintptr_t owner);

// Decoding of a few frames.
int rd_send_packet(AVCodecContext *cc, const AVPacket *p, uintptr_t owner);
int rd_receive_frame(AVCodecContext *cc, AVFrame *f, uintptr_t owner);

#endif
