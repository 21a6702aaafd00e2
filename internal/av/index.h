// A summary of a demuxer's sample index, made in one call.

#ifndef RENDITION_AV_INDEX_H
#define RENDITION_AV_INDEX_H

#include <stdint.h>
#include <libavformat/avformat.h>

typedef struct rd_index {
	int64_t entries, bytes, first, last, lost_entries, lost_bytes, furthest;
} rd_index;

// rd_index_summary reads the index of st. Entries that end behind file_size
// count as lost, when that is not negative.
void rd_index_summary(AVStream *st, int64_t file_size, rd_index *out);

// rd_index_uneven counts the gaps, all but the last, that differ from typical
// by more than tolerance.
int64_t rd_index_uneven(AVStream *st, int64_t typical, int64_t tolerance);

// rd_index_keys writes the times of the key frames of st that are shown, at
// most max of them, and returns how many there are.
int rd_index_keys(AVStream *st, int64_t *times, int max);

// rd_index_gap returns the gap after entry i.
int64_t rd_index_gap(AVStream *st, int i);

#endif
