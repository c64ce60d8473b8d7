#!/usr/bin/env bash
# `make bench`: the registry beside distribution, and what people wait for at the size of a large installation; docs/bench.md says
# what the figures mean. It fails when one misses its target.
#
#   scripts/bench.sh                          everything
#   scripts/bench.sh [registry] [lists] [portal]   these parts
#   scripts/bench.sh soak                     load for BENCH_MINUTES, and the memory meanwhile
#   scripts/bench.sh compare OLD.json NEW.json     what has changed between two files
#
# BENCH_FILE names a file for the figures as JSON; BENCH_ONLY is a regular expression for the works of registry and lists.
set -euo pipefail
cd "$(dirname "$0")/.."

export CGO_ENABLED=0
mkdir -p build/tools
go build -o build/tools/bench ./e2e/cmd/bench
if [[ ${1:-} == compare ]]; then
  exec build/tools/bench "$@"
fi

parts=("$@")
if ((${#parts[@]} == 0)); then
  parts=(registry lists portal)
fi
if [[ " ${parts[*]} " == *" portal "* ]]; then
  if command -v chromium >/dev/null; then
    npm --prefix portal run size
    export BENCH_PORTAL="npm --silent --prefix portal run bench"
  else
    echo "chromium is not installed, so the portal is not measured; scripts/packages.sh installs it" >&2
    mapfile -t parts < <(printf '%s\n' "${parts[@]}" | grep -vx portal)
  fi
fi
if [[ " ${parts[*]} " == *" registry "* || " ${parts[*]} " == *" soak "* ]]; then
  scripts/tools.sh distribution versitygw
fi
exec build/tools/bench "${parts[@]}"
