#!/usr/bin/env bash
# The words of a command line: what is a file, a preset, a setting or a run, in any order; and what a first try says.
. "$(dirname "$0")/lib.sh"

# Presets: listed, found by name and by the path that pages write, and suggested.
expect_exit 0 "$DIFFLM" list
expect_stdout '^presets: '
expect_stdout '^  difflm +difflm.s own recipe'
expect_exit 0 "$DIFFLM" list presets
expect_stdout '^  autoregressive +The autoregressive baseline'
check 'nothing but presets' bash -c '! grep -q "^data" stdout'
expect_error 2 "'dfflm' is neither a file, a preset nor key=value" "$DIFFLM" train dfflm -o r
expect_stderr "did you mean 'difflm'"
sizes=(data.builtin.sentences=300 model.transformer.width=16 model.transformer.layers=1 model.learned.dimension=16 train.minutes=0 train.batch=16
  train.validation_sequences=16 train.sample_every=0 runtime.threads=1)
expect_exit 0 "$DIFFLM" train configs/builtin.toml "${sizes[@]}" train.steps=2 -o preset
expect_error 2 "'train.steps' is neither" train_tiny r train.steps
expect_stderr 'train.steps needs a value'
touch poems.txt
expect_error 2 "'peoms.txt' is neither" train_tiny r peoms.txt
expect_stderr "did you mean 'poems.txt'"

# Integers as people write them; a number that is none stays an error.
expect_exit 0 train_tiny integers train.steps=2e0 train.batch=1_6 data.builtin.sentences=3e2
check 'integers in config.toml' grep -Eq '^(train\.)?steps = 2$' integers/config.toml
expect_error 2 'train.steps: is a number, expected an integer' train_tiny r train.steps=25e-1
expect_error 2 'train.steps: is a number, expected an integer' train_tiny r train.steps=1e300

# A file is a file, whatever its name; a folder of results may be named after its settings.
mkdir -p 'runs/lr=0.1' && cp tiny.toml 'runs/lr=0.1/config.toml'
expect_exit 0 "$DIFFLM" train 'runs/lr=0.1/config.toml' -o 'out/lr=0.1'
expect_stderr 'finished after 8 steps'
expect_error 2 "lr=0.2/config.toml: no such file" "$DIFFLM" train 'runs/lr=0.2/config.toml' -o r
cp tiny.toml 'batch=16.toml'
expect_exit 0 "$DIFFLM" train 'batch=16.toml' train.steps=1 -o equals

# Options before or after the run; a setting anywhere.
run=out/lr=0.1
expect_exit 0 "$DIFFLM" sample "$run" -n 2 -q
cp stdout two
for words in "--set sampling.batch=1 $run -n 2 -q" "-q -n 2 $run --set sampling.batch=1" "-q --set sampling.batch=1 sampling.steps=4 $run -n 2" \
  "sampling.batch=1 $run -n 2 -q" "-q --set sampling.batch=1 --set sampling.steps=4 -n 2 $run"; do
  # shellcheck disable=SC2086
  expect_exit 0 "$DIFFLM" sample $words
  check "the same texts of sample $words" cmp two stdout
done
expect_error 2 'run is required' "$DIFFLM" sample -n 2
expect_error 2 "'other' is not expected after the run folder" "$DIFFLM" sample "$run" other
expect_error 2 "cannot change 'train.steps'" "$DIFFLM" sample train.steps=3 "$run"
expect_exit 0 "$DIFFLM" control --set control.keywords.weight=2 "$run" --length 4..9 -n 1 -q --keyword cafe
expect_exit 0 "$DIFFLM" eval --no-judge --set evaluation.resamples=20 "$run" -n 10
printf 'The/DET cafe/NOUN\nA/DET pub/NOUN\n' >tagged.txt
cp tagged.txt more.txt
expect_error '[12]' 'parts of speech|tree' "$DIFFLM" annotate --tagged tagged.txt more.txt "$run"  # the builtin corpus has its own

# What can be known is said before the corpus is read: this one cannot be.
expect_error 2 'has no budget' train_tiny early train.steps=0 data.path=early.toml
touch binary && printf 'a\0b' >binary
for wrong in train.steps=0 model.transformer.heads=3 runtime.kernels=fused,runtime.autocast=false 'loss.terms=[]' model.given_flag=false,loss.clean_context=0.5; do
  # shellcheck disable=SC2086
  expect_error 2 'budget|do not divide|fused|loss' train_tiny early data.path=binary ${wrong//,/ }
done
