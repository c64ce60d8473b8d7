# What a test run starts beside the program: one Postgres for all Go tests and a Docker engine. Each is stopped by its pid. Sourced after steps.sh.

services_dir=
postgres_pid=
docker_pid=

services_begin() {
  services_dir=$(mktemp -d /tmp/roadstead-test.XXXXXX)
  chmod 0755 "$services_dir" # the database server runs unprivileged
}

# start_postgres: exports ROADSTEAD_TEST_DATABASE_URL, a server that all packages share.
start_postgres() {
  local url= tries=600 stdin=$services_dir/postgres.stdin
  [[ -z ${ROADSTEAD_TEST_DATABASE_URL:-} ]] || return 0
  mkdir -p build/tools
  go build -o build/tools/testpg ./core/store/storetest/cmd/testpg || return 1
  mkfifo "$stdin"
  setsid build/tools/testpg <"$stdin" >"$services_dir/postgres.url" 2>"$logs/postgres.log" &
  postgres_pid=$!
  exec 9>"$stdin" # it runs until this is closed, so it ends with this script whatever happens
  until url=$(head -n 1 "$services_dir/postgres.url" 2>/dev/null) && [[ -n $url ]]; do
    if ! kill -0 "$postgres_pid" 2>/dev/null || ((tries-- == 0)); then
      tail -n 20 "$logs/postgres.log" >&2
      return 1
    fi
    sleep 0.1
  done
  export ROADSTEAD_TEST_DATABASE_URL=$url
}

# start_docker: uses the engine that answers, or starts one of its own on a private socket. False, with the reason on stderr, when there is none.
start_docker() {
  local driver
  if ! command -v docker >/dev/null; then
    echo "docker is not installed" >&2
    return 1
  fi
  if docker info >/dev/null 2>&1; then
    return 0
  fi
  if ! command -v dockerd >/dev/null || ((EUID != 0)); then
    echo "no Docker engine answers; run as root to have one started, or start it" >&2
    return 1
  fi
  # The registry is on the loopback, where engine and tests are too: no bridge and no packet filter are needed. vfs is for
  # file systems that cannot carry an overlay.
  for driver in overlay2 vfs; do
    mkdir -p "$services_dir/docker"
    setsid dockerd --host "unix://$services_dir/docker/docker.sock" --storage-driver "$driver" \
      --data-root "$services_dir/docker/data" --exec-root "$services_dir/docker/exec" --pidfile "$services_dir/docker/pid" \
      --bridge none --iptables=false --ip6tables=false >>"$logs/dockerd.log" 2>&1 </dev/null 9>&- &
    docker_pid=$!
    export DOCKER_HOST=unix://$services_dir/docker/docker.sock
    if docker_answers; then
      return 0
    fi
    stop_docker
  done
  echo "dockerd does not come up; see $logs/dockerd.log" >&2
  return 1
}

docker_answers() {
  local tries=300
  until docker info >/dev/null 2>&1; do
    kill -0 "$docker_pid" 2>/dev/null && ((tries-- > 0)) || return 1
    sleep 0.1
  done
}

stop_docker() {
  [[ -n $docker_pid ]] || return 0
  unset DOCKER_HOST
  kill -TERM "$docker_pid" 2>/dev/null || true
  wait_gone "$docker_pid" 20 || kill -KILL -- "-$docker_pid" 2>/dev/null || true
  wait "$docker_pid" 2>/dev/null || true
  docker_pid=
  local mounted
  while read -r mounted; do
    umount -l "$mounted" 2>/dev/null || true
  done < <(awk -v dir="$services_dir/docker/" 'index($2, dir) == 1 {print $2}' /proc/mounts)
  rm -rf "$services_dir/docker"
}

services_stop() {
  stop_docker
  if [[ -n $postgres_pid ]]; then
    kill -TERM "$postgres_pid" 2>/dev/null || true
    wait_gone "$postgres_pid" 20 || kill -KILL -- "-$postgres_pid" 2>/dev/null || true
    wait "$postgres_pid" 2>/dev/null || true
    postgres_pid=
  fi
  # A server whose test was killed stops by itself, and writes until it has.
  [[ -z $services_dir ]] || rm -rf "$services_dir" 2>/dev/null || { sleep 3 && rm -rf "$services_dir"; }
}
