#!/usr/bin/env bash
# Format, vet and lint of the Go code. The portal has its own (npm run lint).
set -euo pipefail
cd "$(dirname "$0")/.."

# Its memory is of this checkout only: of another one it names files that are not there, and then sees no nolint.
export GOLANGCI_LINT_CACHE="$PWD/build/golangci-lint"

scripts/tools.sh golangci-lint
status=0
go vet -tags e2e,e2eclients ./... || status=1
build/tools/golangci-lint fmt --diff || status=1
build/tools/golangci-lint run --build-tags e2e,e2eclients --timeout 20m || status=1
exit "$status"
