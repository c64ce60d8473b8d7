#!/usr/bin/env bash
# The journeys on the real binary: bin/roadstead and build/postgres must be built (make e2e does). With names, only those:
#
#   scripts/e2e.sh [docker] [server] [crash] [browser]
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/steps.sh
. scripts/lib/services.sh
. scripts/lib/journeys.sh

export CGO_ENABLED=0

trap 'exit 130' INT
trap 'exit 143' TERM
trap 'lanes_stop; services_stop' EXIT

steps_begin
services_begin
start_postgres
start_docker || true
lane journeys "${@:-docker server crash browser}"
lanes_wait
steps_end
