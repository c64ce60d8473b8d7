#!/usr/bin/env bash
# Runs the OCI distribution-spec conformance suite, version 1.1, against a fresh server and says how each of its tests ended.
#
#   scripts/conformance.sh <distribution-spec>/conformance
#
# The suite is not part of this repository: clone github.com/opencontainers/distribution-spec anywhere.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

suite=${1:-}
if [[ -z $suite || ! -f $suite/main.go ]]; then
  echo "conformance.sh: give the suite's folder: git clone https://github.com/opencontainers/distribution-spec, then" >&2
  echo "  make conformance CONFORMANCE_DIR=<clone>/conformance" >&2
  exit 2
fi

results=$root/build/conformance
rm -rf "$results"
mkdir -p "$results" "$root/build/tools"
(cd "$suite" && go build -o "$root/build/tools/conformance" .)
cd "$root"
status=0
# What the specification leaves open and this registry does is tested too.
export OCI_API_BLOBS_UPLOAD_CANCEL=true OCI_API_BLOBS_DIGEST_HEADER=true OCI_API_MANIFESTS_DIGEST_HEADER=true
OCI_VERSION=1.1 OCI_TLS=disabled OCI_REPO1=conformance/one OCI_REPO2=conformance/two OCI_RESULTS_DIR=$results \
  go run ./e2e/cmd/withserver sh -c \
  'OCI_REGISTRY=$REGISTRY OCI_USERNAME=$ADMIN_USER OCI_PASSWORD=$ADMIN_PASSWORD exec build/tools/conformance' || status=$?

if [[ ! -s $results/junit.xml ]]; then
  echo "conformance.sh: the suite wrote no $results/junit.xml (exit $status)" >&2
  exit 1
fi
# The suite says how a test ended in junit's status attribute; its exit code also counts what the specification leaves open.
count() { grep -oE '<testcase [^>]*>' "$results/junit.xml" | grep -cE "status=\"($1)\"" || true; }
failed=$(count 'failure|error')
echo "results are in $results"
echo "$(count passed) passed, $failed failed, $(count skipped) skipped"
((failed == 0))
