# Roadstead. `make run` starts it, `make test` checks all of it, `make help` lists the rest.

SHELL         := bash
.SHELLFLAGS   := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS     += --no-builtin-rules --no-print-directory

# One way to compile for everything but the race detector, so that its results are shared.
export CGO_ENABLED := 0

VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
DATA_DIR ?= ./data
GO_BUILD := go build -ldflags '-s -w -X main.version=$(VERSION)'

portal_sources := $(shell find portal -path portal/node_modules -prune -o -path portal/dist -prune -o -path portal/e2e -prune -o \
                    -type f \( -path 'portal/src/*' -o -path 'portal/public/*' -o -path 'portal/scripts/*' -o -name '*.html' -o -name '*.config.*' -o -name 'tsconfig*.json' -o -name package.json \) -print 2>/dev/null)

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: bin/roadstead build/postgres/.stamp ## build what changed and serve on http://127.0.0.1:8080, data in ./data
	@exec env ROADSTEAD_DATA_DIR="$${ROADSTEAD_DATA_DIR:-$(DATA_DIR)}" bin/roadstead serve

.PHONY: test
test: ## everything, as continuous integration runs it
	@exec scripts/test.sh

.PHONY: build
build: bin/roadstead build/postgres/.stamp ## portal, bundled Postgres and bin/roadstead

.PHONY: bin/roadstead
bin/roadstead: portal/dist/index.html
	@mkdir -p bin
	@$(GO_BUILD) -o $@ ./cmd/roadstead

build/toolchain.stamp: scripts/toolchain.sh
	@scripts/toolchain.sh
	@mkdir -p build && touch $@

portal/node_modules/.package-lock.json: portal/package-lock.json build/toolchain.stamp
	@cd portal && npm ci --no-audit --no-fund
	@touch $@

portal/dist/index.html: portal/node_modules/.package-lock.json $(portal_sources)
	@cd portal && npm run build
	@touch $@

build/postgres/.stamp: scripts/postgres.sh deploy/postgres/package-lock.json
	@scripts/postgres.sh
	@touch $@

.PHONY: lint
lint: portal/node_modules/.package-lock.json ## gofmt, go vet, golangci-lint, and the portal's lint and type check
	@scripts/lint.sh
	@cd portal && npm run lint && npm run typecheck

.PHONY: generate
generate: schema portal/node_modules/.package-lock.json ## openapi.json, schema.sql, the compatibility list, the settings page and the portal's API types
	@UPDATE_GOLDEN=1 go test -count=1 -run '^TestGolden' ./core/api ./core/settings
	@cd portal && npm run generate

.PHONY: schema
schema: build/postgres/.stamp ## migrations/schema.sql from the migrations
	@UPDATE_GOLDEN=1 go test -count=1 -run '^TestGolden' ./cmd/roadstead/app

.PHONY: e2e
e2e: build ## the journeys on the real binary: docker, skopeo, crane, S3, kill -9, browser
	@scripts/e2e.sh

.PHONY: e2e-clients
e2e-clients: build ## regctl, oras, helm, cosign, buildah and podman against the real binary (slow to build)
	@scripts/clients.sh
	@PATH="$(CURDIR)/build/tools:$$PATH" go test -tags e2eclients -count=1 -v -timeout 30m -run '^TestClient' ./e2e

.PHONY: bench
bench: build ## the registry beside distribution, lists and searches, and the portal in a browser: PARTS="registry lists portal"
	@scripts/bench.sh $(PARTS)

.PHONY: bench-compare
bench-compare: ## what has changed since the last release: FILE=<what BENCH_FILE=… make bench wrote>
	@scripts/bench.sh compare deploy/bench/last-release.json "$(FILE)"

.PHONY: bench-soak
bench-soak: build ## load for MINUTES=60, and the memory meanwhile
	@BENCH_MINUTES="$(or $(MINUTES),60)" scripts/bench.sh soak

.PHONY: conformance
conformance: build ## the OCI distribution-spec suite from CONFORMANCE_DIR=<distribution-spec>/conformance
	@scripts/conformance.sh "$(CONFORMANCE_DIR)"

.PHONY: image
image: build ## a container image: the binary, the bundled Postgres and nothing else
	@deploy/docker/build.sh "$(VERSION)"

.PHONY: clean
clean: ## remove what was built; ./data stays
	rm -rf bin build portal/node_modules coverage
	find portal/dist -mindepth 1 ! -name placeholder.html -delete 2>/dev/null || true
