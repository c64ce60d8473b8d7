#!/usr/bin/env bash
# `make test`: installs what the tests need, runs all of them and says how many passed, failed and were skipped. Logs are in
# build/test-logs. With CI=true a skip is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/steps.sh
. scripts/lib/services.sh
. scripts/lib/journeys.sh

# As in the Makefile: one way to compile for everything but the race detector.
export CGO_ENABLED=0 NO_COLOR=1

trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
trap 'lanes_stop; services_stop' EXIT

# What everything else stands on, one after the other.
prepare() {
  step toolchain scripts/toolchain.sh
  if ((EUID == 0)); then
    step packages scripts/packages.sh
  elif ! scripts/packages.sh; then
    skip packages "install the packages named above, or run as root"
  fi
  step modules go mod download
  step npm make portal/node_modules/.package-lock.json
  step bundled-postgres make build/postgres/.stamp
  step stale generated_files_are_current
  step portal-build make portal/dist/index.html # before the Go tests, which embed it
}

go_lane() {
  if command -v gcc >/dev/null; then
    CGO_ENABLED=1 step go-test go_test -race
  else
    skip race "gcc is not installed, so the Go tests run without the race detector"
    step go-test go_test
  fi
}

other_lane() {
  step portal-lint npm --prefix portal run lint
  step portal-typecheck npm --prefix portal run typecheck
  step portal-test npm --prefix portal run test
  step portal-size npm --prefix portal run size
  step build make build
  step lint scripts/lint.sh
}

go_test() {
  (
    set -o pipefail
    go test "$@" -json -timeout 15m ./... | go run ./scripts/testreport
  )
}

generated=(core/api/openapi.json migrations/schema.sql docs/compatibility.md portal/src/api/schema.gen.ts)

# A generated file is stale when generating changes it, whether it is committed or not.
generated_files_are_current() {
  local before after
  before=$(sha256sum "${generated[@]}" 2>&1 || true)
  make generate || return 1
  after=$(sha256sum "${generated[@]}" 2>&1) || { echo "$after" && return 1; }
  if [[ $before != "$after" ]]; then
    echo "generated files were stale; commit what make generate has now written:"
    diff <(echo "$before") <(echo "$after") || true
    return 1
  fi
}

steps_begin
services_begin
lane prepare
lanes_wait
if start_postgres; then
  lane go_lane
  lane other_lane
  lanes_wait
else
  step test-database false # the reason is above
fi
start_docker || say "the Docker journey has no engine"
lane journeys docker server crash browser
lanes_wait
steps_end
