package main

import "github.com/rendition-sdk/rendition/transcode"

// childConfig is the engine's configuration in the measured process: the one
// place that knows what the flags of -child mean to an engine. This version's
// engine begins a killed job from its start and has no use for -scratch.
func childConfig(_ *options) *transcode.Config { return &transcode.Config{} }
