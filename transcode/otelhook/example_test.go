package otelhook_test

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
	"github.com/rendition-sdk/rendition/transcode/otelhook"
)

func ExampleNew() {
	spans := tracetest.NewInMemoryExporter() // a program has one that sends them somewhere
	hooks, err := otelhook.New(&otelhook.Options{TracerProvider: trace.NewTracerProvider(trace.WithSyncer(spans))})
	if err != nil {
		fmt.Println(err)
		return
	}
	engine := transcode.New(&transcode.Config{Tracer: hooks, Metrics: hooks, Scratch: "none"})
	job := &transcode.Job{
		Input: transcode.Input{URL: "no-such-film.mp4"}, Output: transcode.Destination{Bucket: memstore.New(nil)},
		Outputs: transcode.Outputs{&transcode.FileOutput{Height: 720}},
	}
	_, _ = engine.Run(context.Background(), job, nil)
	for _, s := range spans.GetSpans() {
		fmt.Println(s.Name, s.Status.Code)
	}
	// Output:
	// rendition.queue Unset
	// rendition.job Error
}
