#!/usr/bin/env bash
# Whatever ends the command early (Ctrl-C, SIGTERM, a lost connection, a reader that has enough) loses nothing that was finished and
# leaves nothing half-made.
. "$(dirname "$0")/lib.sh"

# Waits up to 10 seconds until a condition holds.
wait_until() {
  for ((i = 0; i < 500; ++i)); do
    if "$@" 2>/dev/null; then return 0; fi
    sleep 0.02
  done
  return 1
}
has_lines() { [ "$(wc -l <"$1")" -ge "$2" ]; }
is_empty() { ! test -s "$1"; }
# Runs the command in the background with its output in ./stdout and ./stderr; its process is $pid.
start() {
  ran="$* &"
  "$@" >stdout 2>stderr &
  pid=$!
}
expect_end() {  # CODE WHAT
  wait "$pid"
  local code=$?
  check "exit code $1 $2, came $code" test "$code" -eq "$1"
}

expect_exit 0 train_tiny run

# Texts are there as soon as they are finished, in order, and stay.
expect_exit 0 "$DIFFLM" sample run -n 20 -q
cp stdout twenty
for signal in INT TERM HUP; do
  start "$DIFFLM" sample run -n 1000000
  check 'texts while others are being made' wait_until has_lines stdout 40
  kill -$signal "$pid"
  expect_end 130 "after SIG$signal"
  expect_stderr "stopped; $(wc -l <stdout) of 1000000 texts were finished and are written"
  check 'the same texts in the same order as in a small request' bash -c 'head -20 stdout | cmp - twenty'
done
start "$DIFFLM" sample run -n 1000000 -o texts.jsonl --jsonl -q
check 'texts in the file' wait_until has_lines texts.jsonl 40
kill -INT "$pid"
expect_end 130 'after Ctrl-C'
expect_no_stdout
expect_stderr "stopped; $(wc -l <texts.jsonl) of 1000000 texts were finished and are written to texts.jsonl"
check 'texts 0 to 19 first' bash -c 'head -20 texts.jsonl | sed "s/^{.index.:\([0-9]*\),.*/\1/" | cmp - <(seq 0 19)'
start "$DIFFLM" control run --length 5..9 -n 1000000 --trace trace.jsonl
check 'steered texts' wait_until has_lines stdout 10
kill -INT "$pid"
expect_end 130 'after Ctrl-C in control'
expect_stderr '^length "5..9": [0-9]+ of [0-9]+$'
check 'the steps so far in the trace' test -s trace.jsonl
expect_exit 0 "$DIFFLM" sample run -n 3 -q -o three.txt
check 'three texts in the file' bash -c 'head -3 twenty | cmp - three.txt'
expect_error 1 'nowhere/x: cannot be written' "$DIFFLM" sample run -n 3 -q -o nowhere/x

# A reader that has enough ends it at once and without a word, also where the parent ignores SIGPIPE.
for before in '' "trap '' PIPE;"; do
  ran="$before sample | head -3"
  timeout 20 bash -c "$before"' "$0" sample run -n 1000000 -q 2>stderr | head -3 >stdout; exit "${PIPESTATUS[0]}"' "$DIFFLM"
  code=$?
  check "exit code 141 after | head, came $code" test "$code" -eq 141
  check 'the first three texts' bash -c 'head -3 twenty | cmp - stdout'
  check 'no message' is_empty stderr
done
ran='list --all | head -1'
bash -c '"$0" list --all 2>stderr | head -1 >stdout; exit "${PIPESTATUS[0]}"' "$DIFFLM"
check 'no message from list either' is_empty stderr

# A lost connection: the run is saved, even where nobody can be told.
steps_begun() { [ -s "$1/metrics.jsonl" ]; }
long=(train.steps=1000000 train.checkpoint_every=1000000 train.validate_every=1000000 train.trackers=jsonl)
start "$DIFFLM" train tiny.toml "${long[@]}" -o lost
check 'a first step' wait_until steps_begun lost
kill -HUP "$pid"
expect_end 130 'after SIGHUP'
expect_stderr 'stopped at step [0-9]+; the checkpoint is saved: run the same command again to continue'
"$DIFFLM" train tiny.toml "${long[@]}" -o deaf 2> >(exec >/dev/null 2>&1; head -c 1) &
pid=$!
check 'a first step' wait_until steps_begun deaf
kill -HUP "$pid"
expect_end 130 'after SIGHUP, with nobody reading'
expect_exit 0 "$DIFFLM" describe deaf
expect_stdout '^step +[0-9]+'
expect_stdout '^best_step +not validated yet'
expect_stdout '^best_validation_loss +not validated yet'
expect_exit 0 "$DIFFLM" describe deaf --json
expect_stdout '"best_step": null'
expect_stdout '"best_validation_loss": null'
start nohup "$DIFFLM" train tiny.toml "${long[@]}" -o kept
check 'a first step' wait_until steps_begun kept
kill -HUP "$pid"
sleep 0.3
check 'nohup to be respected' kill -0 "$pid"
# The second signal ends it at once: both are there when it goes on.
kill -STOP "$pid"
kill -INT "$pid"
kill -TERM "$pid"
kill -CONT "$pid"
wait "$pid"
code=$?
check "to be ended by the second signal, came $code" test "$code" -eq 143 -o "$code" -eq 130
check 'no checkpoint then' test ! -e kept/checkpoint

# Before the first step, and in prepare, nothing is worth keeping: it ends within a second and leaves nothing half-made.
awk 'BEGIN { srand(1); for (i = 0; i < 60000; ++i) { s = ""; for (j = 0; j < 9; ++j) s = s sprintf("%c%c%c%d ", 97 + rand() * 26, 97 + rand() * 26, 97 + rand() * 26, rand() * 999); print s } }' >big.txt
slow=(data.corpus=txt data.path=big.txt data.tokenizer=bpe data.bpe.vocab_size=9000)
is_locked() { [ -e "$1/.lock" ]; }
interrupt_soon() {  # FOLDER: after 0.3 s of work, Ctrl-C; ends within a second
  check "$1" wait_until is_locked "$1"
  sleep 0.3
  kill -INT "$pid"
  local began=$EPOCHREALTIME
  expect_end 130 'after Ctrl-C'
  check 'an end within a second' awk "BEGIN { exit !($EPOCHREALTIME - $began < 1) }"
}
start "$DIFFLM" prepare "${slow[@]}" -o prepared/big
interrupt_soon prepared/big
expect_stderr 'stopped; nothing was prepared'
check 'no folder' test ! -e prepared/big
start "$DIFFLM" train tiny.toml "${slow[@]}" -o early
interrupt_soon early
expect_stderr 'stopped before the first step; nothing was trained'
check 'no folder' test ! -e early
expect_exit 0 "$DIFFLM" prepare builtin data.builtin.sentences=300 -o prepared/old
rm prepared/old/.lock
cp -r prepared/old before
start "$DIFFLM" prepare "${slow[@]}" -o prepared/old
interrupt_soon prepared/old
check 'the old corpus to be whole' diff -r -x .lock prepared/old before
