#!/usr/bin/env bash
# Installs the Debian packages that the tests use and this machine lacks. Quick and silent when nothing is missing.
#
#   scripts/packages.sh          what `make test` uses
#   scripts/packages.sh clients  what `make e2e-clients` uses besides
set -euo pipefail

# command=package: the command tells whether the package is needed.
wanted=(chromium=chromium dockerd=docker.io docker=docker.io skopeo=skopeo slapd=slapd jq=jq gcc=gcc git=git)
if [[ ${1:-} == clients ]]; then
  wanted+=(buildah=buildah podman=podman)
fi

packages=()
for pair in "${wanted[@]}"; do
  command -v "${pair%%=*}" >/dev/null || packages+=("${pair#*=}")
done
# The race detector links against the C library.
[[ -e /usr/include/stdlib.h ]] || packages+=(libc6-dev)
# The portal's pictures are taken in Chinese too.
fc-list 2>/dev/null | grep -qi 'cjk' || packages+=(fontconfig fonts-noto-cjk)

if ((${#packages[@]} == 0)); then
  exit 0
fi
if ((EUID != 0)); then
  echo "not root, so these packages are not installed: ${packages[*]}" >&2
  exit 1
fi
if ! command -v apt-get >/dev/null; then
  echo "this is not Debian or a relative of it; install what fits for: ${packages[*]}" >&2
  exit 1
fi

# The tests start their own engine and directory server; the packages' services stay off while this runs.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 0755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends "${packages[@]}"
