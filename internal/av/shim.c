//go:build cgo

#include "shim.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/log.h>
#include <libavutil/mem.h>

#include "_cgo_export.h"

// Log lines. A call of this file names its owner for as long as it runs; what
// is logged on other threads is looked up by the object that logs.

static _Thread_local uintptr_t rd_owner;

#define OWNED(type, owner, call)      \
	do {                              \
		uintptr_t before = rd_owner;  \
		rd_owner = (owner);           \
		type result = (call);         \
		rd_owner = before;            \
		return result;                \
	} while (0)

enum { max_candidates = 8, max_line = 1024 };

// candidates lists what may be registered as the logger of object: itself, a
// codec's opaque field (which libav copies into its worker threads' contexts),
// and the same of its parents.
static int candidates(void *object, uintptr_t *list)
{
	int n = 0;
	while (object && n + 2 <= max_candidates) {
		const AVClass *class = *(const AVClass **)object;
		list[n++] = (uintptr_t)object;
		if (!class)
			break;
		if (class->class_name && !strcmp(class->class_name, "AVCodecContext"))
			list[n++] = (uintptr_t)((AVCodecContext *)object)->opaque;
		if (!class->parent_log_context_offset)
			break;
		object = *(void **)((uint8_t *)object + class->parent_log_context_offset);
	}
	return n;
}

static void log_callback(void *object, int level, const char *format, va_list args)
{
	uintptr_t list[max_candidates + 1];
	char line[max_line];
	int n = 0, prefix = 1;

	level &= 0xff;
	if (level > AV_LOG_INFO)
		return;
	if (rd_owner)
		list[n++] = rd_owner;
	else
		n = candidates(object, list);
	if (n == 0)
		return;
	av_log_format_line2(object, level, format, args, line, sizeof(line), &prefix);
	rdLogLine(list, n, level, line);
}

void rd_log_install(void) { av_log_set_callback(log_callback); }

// Guard.

struct rd_guard {
	atomic_int stop;
};

static int guard_stopped(void *opaque) { return atomic_load(&((rd_guard *)opaque)->stop); }

rd_guard *rd_guard_new(void) { return av_mallocz(sizeof(rd_guard)); }
void rd_guard_free(rd_guard *g) { av_free(g); }
void rd_guard_stop(rd_guard *g) { atomic_store(&g->stop, 1); }
AVIOInterruptCB rd_guard_callback(rd_guard *g) { return (AVIOInterruptCB){guard_stopped, g}; }

// I/O.

static int io_read(void *opaque, uint8_t *buf, int size) { return rdRead((uintptr_t)opaque, buf, size); }
static int io_write(void *opaque, const uint8_t *buf, int size) { return rdWrite((uintptr_t)opaque, (uint8_t *)buf, size); }
static int64_t io_seek(void *opaque, int64_t offset, int whence) { return rdSeek((uintptr_t)opaque, offset, whence); }

AVIOContext *rd_io_new(uintptr_t handle, int buffer_size, int writable, int seekable)
{
	uint8_t *buffer = av_malloc(buffer_size);
	if (!buffer)
		return NULL;
	AVIOContext *pb = avio_alloc_context(buffer, buffer_size, writable, (void *)handle,
		writable ? NULL : io_read, writable ? io_write : NULL, seekable ? io_seek : NULL);
	if (!pb)
		av_free(buffer);
	return pb;
}

void rd_io_free(AVIOContext *pb)
{
	if (!pb)
		return;
	av_freep(&pb->buffer);
	avio_context_free(&pb);
}

// A demuxer or muxer that asks for another file is refused: a hostile input
// must not reach the host's files or network.
static int refuse_open(AVFormatContext *fc, AVIOContext **pb, const char *url, int flags, AVDictionary **options)
{
	*pb = NULL;
	rdRefused((uintptr_t)fc->opaque);
	return AVERROR(EPERM);
}

// Demuxing.

AVFormatContext *rd_input_new(AVIOContext *pb, rd_guard *g, uintptr_t owner)
{
	AVFormatContext *fc = avformat_alloc_context();
	if (!fc)
		return NULL;
	fc->pb = pb;
	fc->interrupt_callback = rd_guard_callback(g);
	fc->io_open = refuse_open;
	fc->opaque = (void *)owner;
	return fc;
}

int rd_probe_format(AVIOContext *pb, const AVInputFormat **fmt, const char *name, int limit, uintptr_t owner)
{
	OWNED(int, owner, av_probe_input_buffer2(pb, fmt, name, NULL, 0, limit));
}

int rd_open_input(AVFormatContext **fc, const AVInputFormat *fmt, AVDictionary **options, uintptr_t owner)
{
	OWNED(int, owner, avformat_open_input(fc, "", fmt, options));
}

int rd_find_stream_info(AVFormatContext *fc, uintptr_t owner)
{
	OWNED(int, owner, avformat_find_stream_info(fc, NULL));
}

int rd_read_frame(AVFormatContext *fc, AVPacket *p, uintptr_t owner)
{
	OWNED(int, owner, av_read_frame(fc, p));
}

int rd_seek(AVFormatContext *fc, int stream, int64_t min, int64_t ts, int64_t max, int flags, uintptr_t owner)
{
	OWNED(int, owner, avformat_seek_file(fc, stream, min, ts, max, flags));
}

void rd_close_input(AVFormatContext **fc, uintptr_t owner)
{
	uintptr_t before = rd_owner;
	rd_owner = owner;
	avformat_close_input(fc);
	rd_owner = before;
}

// Muxing.

void rd_output_guard(AVFormatContext *fc, AVIOContext *pb, rd_guard *g)
{
	fc->pb = pb;
	fc->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
	fc->interrupt_callback = rd_guard_callback(g);
	fc->io_open = refuse_open;
}

int rd_write_header(AVFormatContext *fc, AVDictionary **options, uintptr_t owner)
{
	OWNED(int, owner, avformat_write_header(fc, options));
}

int rd_write_frame(AVFormatContext *fc, AVPacket *p, uintptr_t owner)
{
	OWNED(int, owner, av_interleaved_write_frame(fc, p));
}

int rd_write_trailer(AVFormatContext *fc, uintptr_t owner)
{
	OWNED(int, owner, av_write_trailer(fc));
}

// Decoding.

int rd_send_packet(AVCodecContext *cc, const AVPacket *p, uintptr_t owner)
{
	OWNED(int, owner, avcodec_send_packet(cc, p));
}

int rd_receive_frame(AVCodecContext *cc, AVFrame *f, uintptr_t owner)
{
	OWNED(int, owner, avcodec_receive_frame(cc, f));
}
