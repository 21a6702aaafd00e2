//go:build cgo

#include "graph.h"

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>

static int rd_add_source(rd_graph *g, const AVFrame *first, AVRational time_base, AVRational frame_rate) {
    int audio = first->nb_samples > 0 && first->sample_rate > 0;
    AVBufferSrcParameters *par;
    int ret;

    g->source = avfilter_graph_alloc_filter(g->graph, avfilter_get_by_name(audio ? "abuffer" : "buffer"), "in");
    par = av_buffersrc_parameters_alloc();
    if (!g->source || !par) {
        av_free(par);
        return AVERROR(ENOMEM);
    }
    par->format = first->format;
    par->time_base = time_base;
    if (audio) {
        par->sample_rate = first->sample_rate;
        par->ch_layout = first->ch_layout; // borrowed: copied by parameters_set
    } else {
        par->width = first->width;
        par->height = first->height;
        par->sample_aspect_ratio = first->sample_aspect_ratio;
        par->frame_rate = frame_rate;
        par->color_space = first->colorspace;
        par->color_range = first->color_range;
    }
    ret = av_buffersrc_parameters_set(g->source, par);
    av_free(par);
    if (ret < 0)
        return ret;
    return avfilter_init_dict(g->source, NULL);
}

int rd_graph_new(rd_graph *g, const char *desc, const AVFrame *first, AVRational time_base, AVRational frame_rate,
                 int threads) {
    int audio = first->nb_samples > 0 && first->sample_rate > 0;
    AVFilterInOut *inputs = NULL, *outputs = NULL;
    int ret;

    g->graph = avfilter_graph_alloc();
    if (!g->graph)
        return AVERROR(ENOMEM);
    g->graph->nb_threads = threads;

    if ((ret = rd_add_source(g, first, time_base, frame_rate)) < 0)
        return ret;
    ret = avfilter_graph_create_filter(&g->sink, avfilter_get_by_name(audio ? "abuffersink" : "buffersink"), "out",
                                       NULL, NULL, g->graph);
    if (ret < 0)
        return ret;

    outputs = avfilter_inout_alloc();
    inputs = avfilter_inout_alloc();
    if (!outputs || !inputs) {
        ret = AVERROR(ENOMEM);
        goto end;
    }
    outputs->name = av_strdup("in");
    outputs->filter_ctx = g->source;
    inputs->name = av_strdup("out");
    inputs->filter_ctx = g->sink;

    if ((ret = avfilter_graph_parse_ptr(g->graph, desc, &inputs, &outputs, NULL)) >= 0)
        ret = avfilter_graph_config(g->graph, NULL);
end:
    avfilter_inout_free(&inputs);
    avfilter_inout_free(&outputs);
    return ret;
}

void rd_graph_free(rd_graph *g) {
    avfilter_graph_free(&g->graph);
    g->source = NULL;
    g->sink = NULL;
}
