//go:build cgo

#include "index.h"

#include <string.h>

void rd_index_summary(AVStream *st, int64_t file_size, rd_index *out)
{
	int n = avformat_index_get_entries_count(st);
	memset(out, 0, sizeof(*out));
	out->entries = n;
	for (int i = 0; i < n; i++) {
		const AVIndexEntry *e = avformat_index_get_entry(st, i);
		int64_t end = e->pos + e->size;
		out->bytes += e->size;
		if (i == 0)
			out->first = e->timestamp;
		out->last = e->timestamp;
		if (end > out->furthest)
			out->furthest = end;
		if (file_size >= 0 && end > file_size) {
			out->lost_entries++;
			out->lost_bytes += e->size;
		}
	}
}

int64_t rd_index_gap(AVStream *st, int i)
{
	return avformat_index_get_entry(st, i + 1)->timestamp - avformat_index_get_entry(st, i)->timestamp;
}

int64_t rd_index_uneven(AVStream *st, int64_t typical, int64_t tolerance)
{
	int n = avformat_index_get_entries_count(st);
	int64_t uneven = 0;
	for (int i = 0; i + 2 < n; i++) {
		int64_t off = rd_index_gap(st, i) - typical;
		if (off > tolerance || off < -tolerance)
			uneven++;
	}
	return uneven;
}

int rd_index_keys(AVStream *st, int64_t *times, int max)
{
	int n = avformat_index_get_entries_count(st);
	int keys = 0;
	for (int i = 0; i < n; i++) {
		const AVIndexEntry *e = avformat_index_get_entry(st, i);
		if (!(e->flags & AVINDEX_KEYFRAME) || (e->flags & AVINDEX_DISCARD_FRAME))
			continue;
		if (keys < max)
			times[keys] = e->timestamp;
		keys++;
	}
	return keys;
}
