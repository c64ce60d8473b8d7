# The journeys, each one step. Sourced after steps.sh and services.sh.

journeys() {
  local name
  step tools scripts/tools.sh crane distribution versitygw
  step e2e-build e2e_build
  for name in $*; do
    case $name in
      docker) step docker e2e_run '^Test(Docker|Skopeo|Crane)' ;;
      server) step server e2e_run '^Test(Server|S3)' ;;
      crash) step crash e2e_run '^TestCrash' ;;
      browser) journey_browser ;;
      *) echo "no journey is called $name; they are docker, server, crash, browser" >&2 && return 2 ;;
    esac
  done
}

e2e_build() {
  go test -c -tags e2e -o build/tools/e2e.test ./e2e && go build -o build/tools/ ./e2e/cmd/withserver ./scripts/testreport
}

e2e_run() {
  (
    set -o pipefail
    export PATH=$PWD/build/tools:$PATH TMPDIR=$services_dir # what a killed test leaves goes with it
    cd e2e
    go tool test2json -t -p e2e ../build/tools/e2e.test -test.v=test2json -test.timeout=15m -test.run="$1" | ../build/tools/testreport
  )
}

journey_browser() {
  if ! command -v chromium >/dev/null; then
    skip browser "chromium is not installed; run as root to have it installed"
    return 0
  fi
  step browser env TMPDIR="$services_dir" build/tools/withserver npm --prefix portal run e2e
}
