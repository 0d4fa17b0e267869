#!/usr/bin/env bash
# A run that is killed, interrupted or finished continues as if nothing had happened, and nothing else may write to it meanwhile.
. "$(dirname "$0")/lib.sh"

# Waits until the checkpoint of RUN is at STEP or later, or PID has ended.
wait_for_step() {  # RUN STEP PID
  local step
  for ((i = 0; i < 3000; ++i)); do
    step=$(sed -n 's/^ *"step": \([0-9]*\),/\1/p' "$1/checkpoint/state.json" 2>/dev/null)
    [ "${step:-0}" -lt "$2" ] || return 0
    kill -0 "$3" 2>/dev/null || return 1
    sleep 0.01
  done
  return 1
}
state() { sed -n "s/^ *\"$2\": \(.*\),/\1/p" "$1/checkpoint/state.json"; }
steps_of() { sed 's/^{"step":\([0-9]*\),.*"train\/loss".*/\1/;t;d' "$1/metrics.jsonl"; }
same_weights() { cmp "$1/checkpoint/model.safetensors" "$2/checkpoint/model.safetensors" && cmp "$1/checkpoint/ema.safetensors" "$2/checkpoint/ema.safetensors"; }

# Dropout and accumulation are on: all that is random must come back.
options=(train.steps=200 train.checkpoint_every=4 train.validate_every=50 train.accumulate=2
  model.transformer.dropout=0.1 train.trackers=jsonl)

expect_exit 0 train_tiny whole "${options[@]}"

# kill -9, twice, wherever it hits.
"$DIFFLM" train tiny.toml "${options[@]}" -o killed >stdout 2>stderr &
pid=$!
ran='train ... -o killed &'
check 'a checkpoint before the end' wait_for_step killed 4 "$pid"
kill -STOP "$pid"  # so that it cannot finish before the next command is there
expect_error 1 'is in use by another difflm process' train_tiny killed "${options[@]}"
kill -9 "$pid"
wait "$pid" 2>/dev/null
check 'a run that was killed, to be unfinished' test "$(state killed step)" -lt 200
first=$(state killed step)
"$DIFFLM" train tiny.toml "${options[@]}" -o killed >stdout 2>stderr &
pid=$!
check 'a later checkpoint' wait_for_step killed $((first + 8)) "$pid"
kill -9 "$pid"
wait "$pid" 2>/dev/null
check 'the second sitting to be unfinished' test "$(state killed step)" -lt 200
expect_exit 0 "$DIFFLM" sample killed -n 2 -q
expect_exit 0 train_tiny killed "${options[@]}"
expect_stderr 'resuming from the checkpoint in killed'
check 'the weights of an uninterrupted run, bit for bit' same_weights whole killed
check 'each step once in metrics.jsonl' bash -c '[ "$(wc -l <<<"$1")" -eq 200 ] && [ -z "$(sort <<<"$1" | uniq -d)" ]' - "$(steps_of killed)"
losses() { sed -E 's/^\{"step":([0-9]+),"train\/loss":([^,]+),.*/\1 \2/;t;d' "$1/metrics.jsonl" >"$1.losses"; }
losses whole
losses killed
check 'the same losses step by step' cmp whole.losses killed.losses
check 'nothing half-written' bash -c '[ -z "$(find killed -name "*.tmp*" -o -name "*.old")" ]'

# Ctrl-C saves at once and exits 130; so does SIGTERM.
"$DIFFLM" train tiny.toml "${options[@]}" train.checkpoint_every=4 -o stopped >stdout 2>stderr &
pid=$!
check 'a checkpoint before Ctrl-C' wait_for_step stopped 4 "$pid"
# A background job of a script ignores SIGINT until the program sets its own handler, which it has by now.
kill -INT "$pid"
wait "$pid"
code=$?
ran='train ... -o stopped, Ctrl-C'
check "exit code 130 after Ctrl-C, came $code" test "$code" -eq 130
expect_stderr 'stopped at step [0-9]+; the checkpoint is saved'
check 'the step said to be the step saved' grep -q "stopped at step $(state stopped step);" stderr
expect_exit 0 train_tiny stopped "${options[@]}"
check 'the weights of an uninterrupted run after Ctrl-C' same_weights whole stopped
expect_no_stdout

"$DIFFLM" train tiny.toml "${options[@]}" -o terminated >stdout 2>stderr &
pid=$!
check 'a checkpoint before SIGTERM' wait_for_step terminated 4 "$pid"
kill -TERM "$pid"
wait "$pid"
code=$?
ran='train ... -o terminated, SIGTERM'
check "exit code 130 after SIGTERM, came $code" test "$code" -eq 130

# Another configuration is refused by name; budget and runtime may change; without a config file the run's own is used.
expect_error 2 'holds a run of another configuration; it differs in model.transformer.width, train.learning_rate' \
  train_tiny killed "${options[@]}" model.transformer.width=32 train.learning_rate=0.5
expect_error 2 'differs in .*data.builtin.sentences' train_tiny killed "${options[@]}" data.builtin.sentences=301
check 'a refused run to be as it was' same_weights whole killed
expect_exit 0 "$DIFFLM" train -o killed train.steps=204
expect_stderr 'resuming'
check 'step 204' test "$(state killed step)" -eq 204
expect_exit 0 train_tiny longer "${options[@]}" train.steps=204
check 'a finished run with more steps to be the run that had them from the start' same_weights longer killed
expect_exit 0 "$DIFFLM" train -o killed
check 'a finished run to stay at its step' test "$(state killed step)" -eq 204

# A run that an older difflm began, which did not know a key: it behaved as the default does, and any other value is another run.
sed -i '/^self_conditioning = /d' killed/config.toml
expect_error 2 'differs in model.self_conditioning' train_tiny killed "${options[@]}" train.steps=204 model.self_conditioning=false
expect_exit 0 train_tiny killed "${options[@]}" train.steps=204

# Fine-tuning: another run begins with this one, and can then continue anywhere without it.
expect_exit 0 train_tiny tuned train.steps=6 train.start=whole data.builtin.seed=3 train.trackers=jsonl
expect_stderr 'begins with what .*whole has learned'
check 'the full path of the run in the configuration' grep -q "start = \"$FOLDER/whole\"" tuned/config.toml
mv whole elsewhere
expect_exit 0 "$DIFFLM" train train.steps=8 -o tuned
check 'two steps more' test "$(state tuned step)" = 8
expect_error 2 'train.start: .*whole is not a trained run' train_tiny other train.steps=6 train.start=whole
