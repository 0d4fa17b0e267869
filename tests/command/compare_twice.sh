#!/usr/bin/env bash
# Two processes and one experiment: `compare` killed and started again while its run goes on, and two of them in one new folder.
. "$(dirname "$0")/lib.sh"

cat >small.toml <<'TOML'
question = "Does the seed matter?"
base = ["tiny.toml", "train.steps=150", "train.checkpoint_every=1000"]
seeds = [1, 2]
samples = 12
metrics = ["unigram_entropy"]
TOML

trained_once() {
  local folder
  for folder in "$1"/runs/*/model; do
    [ "$(grep -c '"step":1,' "$folder/metrics.jsonl")" -eq 1 ] || return 1
    [ "$(grep -c '"step":150,.*train/loss' "$folder/metrics.jsonl")" -eq 1 ] || return 1
  done
}

# The process that `compare`, process $1, has started for a run.
run_of() {
  local stat line
  for stat in /proc/[0-9]*/stat; do
    read -r line <"$stat" || continue  # ended meanwhile
    line=${line##*) }                  # state, parent, ...
    [ "$(cut -d ' ' -f 2 <<<"$line")" = "$1" ] && basename "$(dirname "$stat")"
  done 2>/dev/null
}

# Killed while its first run trains: the run goes on by itself, is waited for, and is not made twice. The run is stopped until the
# second `compare` waits, however fast the machine is.
"$DIFFLM" compare small.toml -o killed >first 2>&1 &
process=$!
for _ in $(seq 300); do grep -qs '"step":' killed/runs/*/model/metrics.jsonl && break; sleep 0.1; done
run=$(run_of "$process")
kill -9 "$process"
wait "$process" 2>/dev/null
check 'a run that goes on' kill -STOP "$run"
"$DIFFLM" compare small.toml -o killed >stdout 2>stderr &
process=$!
waited() { grep -qs 'another process makes this run' killed/runs/*/log.txt; }
for _ in $(seq 300); do waited && break; sleep 0.1; done
check 'the run that went on to be waited for' waited
kill -CONT "$run"
wait "$process"
check 'the second to end well' test $? -eq 0
check 'both runs to be made' test "$(grep -c '^made ' stderr)" -eq 2
check 'no failure' bash -c '! ls killed/runs/*/failure.txt 2>/dev/null'
check 'each run to be trained once' trained_once killed

# Two at once: one waits for the other and finds its runs.
"$DIFFLM" compare small.toml -o both >first 2>&1 &
process=$!
expect_exit 0 "$DIFFLM" compare small.toml -o both
wait "$process"
check 'the other to end well' test $? -eq 0
check 'one of them to have waited' bash -c 'cat first stderr | grep -q "another .difflm compare. is at work here"'
check 'each run to be made by one of them' test "$(cat first stderr | grep -c '^made ')" -eq 2
check 'each run to be trained once' trained_once both
