# Every target that builds with cgo depends on setup, which takes a blink when there is nothing to do.
# Without root FFmpeg lies under the user's cache: RUN puts it on the recipe's path (scripts/env.sh).

SHELL := /bin/sh
.DEFAULT_GOAL := help

RUN  := . ./scripts/env.sh &&
IN   ?=
OUT  ?= ./out
PKG  ?= ./...
NAME ?=
ARGS ?=
# How long each fuzz target runs.
FUZZTIME ?= 10s
# Packages that must build and pass their tests without a C compiler (docs/design.md).
PURE := . ./ladder/... ./packager/... ./storage ./storage/driver ./storage/filestore ./storage/httpstore ./storage/memstore ./storage/opener \
	./internal/sched/... ./internal/scratch/...
# Packages whose work is concurrent; the others hold no goroutine that the race detector could watch.
RACE ?= ./storage/... ./packager/... ./transcode/... ./internal/av/... ./internal/encode/... ./internal/chunk/... ./internal/sched/... ./internal/scratch/...

.PHONY: help setup servers demo test race lint pure fuzz bench cover check fmt clean gofmt-check tidy-check

help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what building needs: packages and FFmpeg 7.1 (docs/setup.md)
	@./scripts/setup.sh

servers: ## install the storage servers that tests run against (NAME=minio for one); Debian, root
	@./scripts/servers.sh $(NAME)

demo: setup ## transcode IN=path-or-URL (default: a generated clip) into OUT=folder (default: ./out)
	@$(RUN) go run ./examples/quickstart $(if $(IN),-in '$(IN)') -out '$(OUT)'

test: setup ## run all tests (PKG=./storage/... for some, ARGS=-v)
	@$(RUN) go test $(ARGS) $(PKG)

race: setup ## run the tests of the concurrent packages under the race detector
	@$(RUN) go test -race $(ARGS) $(RACE)

lint: setup ## run the linters, pinned (scripts/golangci-lint.sh)
	@$(RUN) ./scripts/golangci-lint.sh run $(PKG)

pure: ## build everything, and test the pure packages, without cgo
	@CGO_ENABLED=0 go build ./...
	@CGO_ENABLED=0 go test $(PURE)

fuzz: setup ## run each fuzz target for FUZZTIME (default 10s)
	@$(RUN) ./scripts/fuzz.sh $(FUZZTIME) $(PKG)

bench: setup ## measure jobs against the same work by the ffmpeg program (ARGS='-o docs/performance.md')
	@$(RUN) go run ./internal/bench $(ARGS)

cover: setup ## write cover.html, the test coverage
	@$(RUN) go test -coverpkg=./... -coverprofile=cover.out $(PKG)
	@go tool cover -html=cover.out -o cover.html
	@go tool cover -func=cover.out | tail -n 1

check: setup gofmt-check tidy-check shell-check ## all that is checked without running the whole test suite
	@$(RUN) go vet ./...
	@$(MAKE) --no-print-directory lint pure
	@$(RUN) go test ./internal/lint/...

gofmt-check:
	@files=$$(gofmt -l .); \
	  [ -z "$$files" ] || { printf 'not formatted (run make fmt):\n%s\n' "$$files"; exit 1; }

tidy-check:
	@go mod tidy -diff || { echo 'go.mod or go.sum is not tidy: run go mod tidy'; exit 1; }

shell-check:
	@if command -v shellcheck >/dev/null; then shellcheck -x -P scripts .ci/run scripts/setup.sh scripts/golangci-lint.sh scripts/fuzz.sh scripts/servers.sh scripts/servers/*.sh; \
	  else echo 'shellcheck is not installed: scripts not checked'; fi

fmt: ## format the code
	@$(RUN) ./scripts/golangci-lint.sh fmt

clean: ## remove what make wrote into this folder
	rm -rf ./out cover.out cover.html
