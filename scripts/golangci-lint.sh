#!/usr/bin/env bash
# Runs the pinned golangci-lint with the given arguments; builds it on first use, into the user's cache, so that every clone
# shares it. The folder's name holds both versions: a linter that was built with an older Go than the code's refuses to run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=scripts/lib.sh
. scripts/lib.sh

version=v2.6.0
folder=$cache_root/golangci-lint-$version-$(go env GOVERSION)

if [ ! -x "$folder/golangci-lint" ]; then
  mkdir -p "$folder"
  work=$(mktemp -d "$folder/build.XXXXXX")
  trap 'stop_step; rm -rf "$work"' EXIT
  step "building golangci-lint $version (2 to 4 minutes on two cores)" \
    'the build failed: check that the Go module proxy is reached (go env GOPROXY), then run this again' \
    env GOBIN="$work" GOFLAGS= CGO_ENABLED=0 go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
  # Renamed into place, so that an interrupted or a second concurrent build never leaves half a program there.
  mv "$work/golangci-lint" "$folder/golangci-lint"
  rm -rf "$work"
  trap - EXIT
fi
exec "$folder/golangci-lint" "$@"
