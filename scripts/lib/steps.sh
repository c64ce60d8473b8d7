# Steps of a test run: each has a log, a time and counts; one that fails does not hide the others. Sourced by scripts/test.sh and scripts/e2e.sh.

logs=build/test-logs
results=$logs/results
lane_pid=()

say() { printf '%s %s\n' "$(date -u +%H:%M:%S)" "$*"; }

steps_begin() {
  rm -rf "$logs"
  mkdir -p "$results"
}

# step NAME COMMAND...: runs the command with its output in a log. A runner's own "N passed, N failed, N skipped" is taken over; a
# command without one counts as one test.
step() {
  local name=$1 log=$logs/$1.log began ended status=0 counts
  shift
  began=$(date +%s%N)
  say "start $name"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  ended=$(date +%s%N)
  counts=$(counts_of "$log" "$status")
  record "$began" "$name" "$(((ended - began) / 100000000))" "$counts"
  if ((status == 0)); then
    say "pass  $name in $(tenths $(((ended - began) / 100000000)))s"
  else
    say "FAIL  $name (exit $status) after $(tenths $(((ended - began) / 100000000)))s; the end of $log:"
    tail -n 60 "$log" | sed 's/^/    /'
  fi
  return 0
}

# skip NAME WHY: says aloud that a part cannot run here.
skip() {
  say "SKIP  $1: $2"
  record "$(date +%s%N)" "$1" 0 "0 0 1"
}

record() { printf '%s %s %s\n' "$2" "$3" "$4" >"$results/$1-$2"; }

tenths() { printf '%d.%d' $(($1 / 10)) $(($1 % 10)); }

# counts_of LOG STATUS: "passed failed skipped"
counts_of() {
  local line passed failed skipped
  line=$(sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' | tail -n 1 || true)
  if [[ -z $line ]]; then # vitest: "Tests  1 failed | 12 passed | 2 skipped (15)"
    line=$(sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -E '^ *Tests +.*\([0-9]+\)$' | tail -n 1 || true)
  fi
  passed=$(grep -oE '[0-9]+ passed' <<<"$line" | grep -oE '[0-9]+' || echo 0)
  failed=$(grep -oE '[0-9]+ failed' <<<"$line" | grep -oE '[0-9]+' || echo 0)
  skipped=$(grep -oE '[0-9]+ skipped' <<<"$line" | grep -oE '[0-9]+' || echo 0)
  if (($2 != 0 && failed == 0)); then
    failed=1
  elif (($2 == 0 && passed + failed + skipped == 0)); then
    passed=1
  fi
  echo "$passed $failed $skipped"
}

# failures_of NAME: the names of a step's failed tests with the line after each, which mostly says why; and the log's end when it
# names none.
failures_of() {
  local log=$logs/$1.log found
  found=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -A 1 -E '^ *(--- FAIL|FAIL |FAIL\s|[✗×] )|^ +FAIL ' | grep -v '^--$' | head -n 16 || true)
  [[ -n $found ]] || found=$(tail -n 8 "$log")
  sed "s/^/  $1: /" <<<"$found" | cut -c 1-240
}

# lane FUNCTION: runs a function of steps beside the others, in a process group that can be stopped as one.
lane() {
  set -m
  "$@" </dev/null &
  lane_pid+=($!)
  set +m
}

lanes_wait() {
  local pid
  for pid in "${lane_pid[@]}"; do
    wait "$pid" || true
  done
  lane_pid=()
}

lanes_stop() {
  local pid
  for pid in "${lane_pid[@]}"; do
    kill -TERM -- "-$pid" 2>/dev/null || true
  done
  for pid in "${lane_pid[@]}"; do
    wait_gone "$pid" 10 || kill -KILL -- "-$pid" 2>/dev/null || true
  done
  lane_pid=()
}

# wait_gone PID SECONDS: true when the process has ended in that time.
wait_gone() {
  local tries=$(($2 * 10))
  while kill -0 "$1" 2>/dev/null; do
    ((tries-- > 0)) || return 1
    sleep 0.1
  done
}

# steps_end: the table and the counts. False when something failed, or was skipped where CI=true promises that nothing is.
steps_end() {
  local file name time passed failed skipped p=0 f=0 s=0
  printf '\n%-22s %9s %8s %8s %8s\n' step seconds passed failed skipped
  for file in "$results"/*; do
    [[ -f $file ]] || continue
    read -r name time passed failed skipped <"$file"
    printf '%-22s %9s %8d %8d %8d\n' "$name" "$(tenths "$time")" "$passed" "$failed" "$skipped"
    p=$((p + passed)) f=$((f + failed)) s=$((s + skipped))
  done
  if ((f > 0)); then
    printf '\nwhat failed, as far as the logs name it:\n'
    for file in "$results"/*; do
      read -r name time passed failed skipped <"$file"
      ((failed == 0)) || failures_of "$name"
    done
  fi
  if [[ ${CI:-} == true ]] && ((s > 0)); then
    printf '\nCI=true: a skip is a failure; install what the lines with SKIP name\n'
  fi
  printf '\n%d passed, %d failed, %d skipped\n' "$p" "$f" "$s"
  ((f == 0)) && { [[ ${CI:-} != true ]] || ((s == 0)); }
}
