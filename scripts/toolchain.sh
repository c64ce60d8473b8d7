#!/usr/bin/env bash
# Says in one sentence what is missing, before a compiler says it in a hundred.
set -euo pipefail

wanted_go=1.26
wanted_node=20.19

missing() {
  printf 'roadstead: %s\n' "$*" >&2
  exit 1
}

at_least() {
  [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]
}

command -v go >/dev/null || missing "Go is not installed; install Go $wanted_go or newer from https://go.dev/dl/ and put it on PATH"
have_go=$(go env GOVERSION)
have_go=${have_go#go}
if ! at_least "$wanted_go" "${have_go%%[-+ ]*}"; then
  missing "Go $have_go is too old; install Go $wanted_go or newer from https://go.dev/dl/"
fi

command -v node >/dev/null || missing "Node.js is not installed; install Node.js $wanted_node or newer from https://nodejs.org/ (with npm)"
have_node=$(node --version)
have_node=${have_node#v}
if ! at_least "$wanted_node" "$have_node"; then
  missing "Node.js $have_node is too old; install Node.js $wanted_node or newer from https://nodejs.org/"
fi

command -v npm >/dev/null || missing "npm is not installed; it comes with Node.js from https://nodejs.org/"
