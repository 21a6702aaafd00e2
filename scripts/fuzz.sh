#!/usr/bin/env bash
# Runs every fuzz target of the given packages for a while: go test takes one target at a time.
#
#   scripts/fuzz.sh 10s ./...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

duration=$1
shift
failed=0
for package in $(go list "$@"); do
  for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
    printf -- '--- %s %s\n' "$package" "$target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$duration" "$package" || failed=1
  done
done
exit "$failed"
