#!/usr/bin/env bash
# A run that diverges stops, says at which step and in what, and its last good checkpoint can be used.
. "$(dirname "$0")/lib.sh"

# This configuration overflows floating-point numbers within a few steps.
# Its last noise level leaves a signal of 1e-30, by whose root the noise that the network predicts is divided.
wild=(noise.schedule=linear noise.steps=10 noise.cap=0.999999 model.parametrisation=epsilon model.norm=none train.learning_rate=10 train.clip=0
  train.weight_decay=0 train.beta1=0 train.beta2=0.1 train.steps=400 train.trackers=jsonl runtime.autocast=false)

expect_error 1 'step [0-9]+: (the loss term .*|the gradient) is not finite; there is no checkpoint yet' \
  train_tiny none "${wild[@]}" train.warmup=2 train.checkpoint_every=100
expect_stderr 'a smaller train.learning_rate'
expect_error 2 'none: holds no checkpoint' "$DIFFLM" sample none

expect_error 1 'step [0-9]+: (the loss term .*|the gradient) is not finite; the last good checkpoint is that of step [0-9]+ in run/checkpoint' \
  train_tiny run "${wild[@]}" train.warmup=20 train.checkpoint_every=2
saved=$(sed -n 's/^ *"step": \([0-9]*\),/\1/p' run/checkpoint/state.json)
diverged=$(sed -n 's/^difflm: step \([0-9]*\):.*/\1/p' stderr)
check 'the checkpoint named to be the one on disk' grep -q "that of step ${saved:-none} in" stderr
check 'a checkpoint of before' test "${saved:-0}" -ge 2 -a "${saved:-0}" -lt "${diverged:-0}"
check 'no step of which the loss is not a number in the log' bash -c '! grep -Eq "train/loss\":(null|nan|inf)" run/metrics.jsonl'

expect_exit 0 "$DIFFLM" sample run -n 3 -q
check '3 texts from the last good checkpoint' test "$(wc -l <stdout)" -eq 3

# The same command continues from it, diverges again, and names the same checkpoint where it gets no further.
expect_error 1 "step $diverged: .* is not finite; the last good checkpoint is that of step $saved in run/checkpoint" \
  train_tiny run "${wild[@]}" train.warmup=20 train.checkpoint_every=2
