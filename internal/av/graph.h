#ifndef RENDITION_GRAPH_H
#define RENDITION_GRAPH_H

#include <libavfilter/avfilter.h>
#include <libavutil/frame.h>

// rd_graph is a filter graph with one source and one sink.
typedef struct {
    AVFilterGraph *graph;
    AVFilterContext *source;
    AVFilterContext *sink;
} rd_graph;

// rd_graph_new builds the graph that desc describes for frames like first,
// whose times are in time_base. It returns 0 or a negative AVERROR and leaves
// *g valid for rd_graph_free either way.
int rd_graph_new(rd_graph *g, const char *desc, const AVFrame *first, AVRational time_base, AVRational frame_rate,
                 int threads);
void rd_graph_free(rd_graph *g);

#endif
