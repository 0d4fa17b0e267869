#!/usr/bin/env bash
# The demo's story from beginning to end, on a model too small to write anything.
. "$(dirname "$0")/lib.sh"

tiny=(data.builtin.sentences=300 model.learned.dimension=16 model.transformer.width=16 model.transformer.layers=1
  model.transformer.heads=2 train.batch=16 train.validation_sequences=16 runtime.threads=1 sampling.steps=9)
expect_exit 0 "$DIFFLM" demo -o demo --minutes 0.02 "${tiny[@]}"
expect_stderr 'trains a small text-diffusion model for 0.02 minutes'
expect_stderr 'finished after [0-9]+ steps'
expect_stdout '^One text appears out of noise'
expect_stdout '^  step +1  u 1.00  sure +[0-9]+%  [^ ]'
expect_stdout '^  step +9  u 0.[01][0-9]  sure +[0-9]+%  [^ ]'
expect_stdout '^The same latents on their way, decoded by learned rounding and by cosine similarity'
expect_stdout '^  u 1.00  learned  [^ ]'
expect_stdout '^          cosine   [^ ]'
check 'eight texts, each judged by the grammar' bash -c '[ "$(grep -c "^  [+-] " stdout)" -eq 8 ]'
expect_stdout '^  [0-8] of 8 are sentences of the grammar'
expect_stdout '^  trained for [0-9]+ steps; after 4000 most are: difflm demo --minutes [0-9]+$'
expect_stdout '^  --keyword cheese --length 10..16'
check 'three texts with the word' bash -c '[ "$(sed -n "/--keyword cheese/,/--infill/p" stdout | grep -ci "^    .*cheese")" -eq 3 ]'
check 'three texts with the given words' bash -c '[ "$(grep -cE "^    There is a [^ ]+ cafe .*called " stdout)" -eq 3 ]'
expect_stdout '^The run is in demo. Next: difflm serve demo --open .* difflm sample demo'

# What the demo suggests as the next step.
expect_exit 0 "$DIFFLM" sample demo -n 2 -q
expect_exit 0 "$DIFFLM" eval demo -n 10 --no-judge --set evaluation.resamples=20 sampling.steps=5 sampling.corrections=2 --json cost.json
check 'five steps and two corrections of four evaluations' grep -Eq '"network_evaluations": ?13(\.0)?,' cost.json
expect_stdout '^\| grammatical +\| share'

expect_exit 2 "$DIFFLM" demo -o demo2 --minutes 0.02 data.corpus=nothere
check 'no run folder after a wrong configuration' test ! -e demo2
