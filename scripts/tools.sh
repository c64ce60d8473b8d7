#!/usr/bin/env bash
# Builds the named tools into build/tools. Each is a module of its own under scripts/tools, pinned by its go.sum, so that a
# tool's dependencies never meet the program's. A tool is rebuilt only when its pins or the compiler change.
#
#   scripts/tools.sh crane versitygw golangci-lint
set -euo pipefail
cd "$(dirname "$0")/.."

out=$PWD/build/tools
mkdir -p "$out"
for tool in "$@"; do
  module=scripts/tools/$tool
  if [[ ! -f $module/go.mod ]]; then
    echo "tools.sh: there is no $module; the tools are: $(ls scripts/tools | tr '\n' ' ')" >&2
    exit 2
  fi
  stamp=$(cat "$module/go.mod" "$module/go.sum" <(go env GOVERSION) | sha256sum | cut -d ' ' -f 1)
  if [[ -x $out/$tool && $(cat "$out/.$tool.stamp" 2>/dev/null) == "$stamp" ]]; then
    continue
  fi
  package=$(sed -n 's/^tool //p' "$module/go.mod")
  echo "building $package"
  (cd "$module" && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$out/$tool" "$package")
  echo "$stamp" >"$out/.$tool.stamp"
done
