#!/usr/bin/env bash
# `make bench`: what people wait for, at the size of a large installation; docs/bench.md says what the figures mean. It fails when
# one is over its limit. BENCH_FILE names a file for the figures as JSON.
set -euo pipefail
cd "$(dirname "$0")/.."

export CGO_ENABLED=0
mkdir -p build/tools
go build -o build/tools/bench ./e2e/cmd/bench
if ! command -v chromium >/dev/null; then
  echo "chromium is not installed, so the portal is not measured; scripts/packages.sh installs it" >&2
  exec build/tools/bench
fi
npm --prefix portal run size
exec build/tools/bench npm --prefix portal run bench
