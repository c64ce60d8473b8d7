#!/usr/bin/env bash
# Builds and installs the clients of `make e2e-clients`: regctl, oras, helm and cosign from their pinned modules, buildah and
# podman from Debian. The first run takes several minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/tools.sh crane regctl oras helm cosign
if ! scripts/packages.sh clients; then
  echo "buildah and podman are skipped where they are not installed" >&2
fi
