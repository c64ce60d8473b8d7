#!/usr/bin/env bash
# Format, vet and lint of the Go code. The portal has its own (npm run lint).
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/tools.sh golangci-lint
go vet -tags e2e,e2eclients ./...
build/tools/golangci-lint fmt --diff
build/tools/golangci-lint run --build-tags e2e,e2eclients --timeout 5m
