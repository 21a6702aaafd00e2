package main

import "github.com/rendition-sdk/rendition/transcode"

// childConfig is the engine's configuration in the measured process: the one
// place that knows what the flags of -child mean to an engine.
func childConfig(o *options) *transcode.Config { return &transcode.Config{Scratch: o.scratch} }
