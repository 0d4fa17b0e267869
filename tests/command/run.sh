#!/usr/bin/env bash
# The whole path on a tiny run: train, sample, describe, eval, prepare, and every shipped configuration.
. "$(dirname "$0")/lib.sh"

lines_are() { [ "$(wc -l <"$1")" -eq "$2" ]; }
is_json() { if command -v python3 >/dev/null; then python3 -c 'import json, sys; [json.loads(x) for x in open(sys.argv[1])]' "$1"; else ! grep -vq '^{.*}$' "$1"; fi; }
is_one_json() { if command -v python3 >/dev/null; then python3 -m json.tool "$1" >parsed; else [ "$(head -c 1 "$1")" = '{' ]; fi; }

expect_exit 0 train_tiny run
expect_no_stdout
expect_stderr 'finished after 8 steps'
for file in config.toml tokenizer.json data.json metrics.jsonl data/train.bin checkpoint/state.json checkpoint/model.safetensors \
  checkpoint/ema.safetensors checkpoint/optimizer.safetensors; do
  check "$file in the run folder" test -s "run/$file"
done
check 'an event file for TensorBoard' bash -c 'ls run/events.out.tfevents.* >/dev/null'
check 'metrics.jsonl to be JSON lines' is_json run/metrics.jsonl
check 'metrics.jsonl to have the loss' grep -q '"train/loss":' run/metrics.jsonl
check 'metrics.jsonl to have the validation loss' grep -q '"validation/loss":' run/metrics.jsonl
check 'nothing half-written' bash -c '[ -z "$(find run -name "*.tmp*" -o -name "*.old")" ]'

# sample: data on stdout, one text per line; sample i of a seed is always the same text.
expect_exit 0 "$DIFFLM" sample run -n 8 -q
check 'no message with -q' test ! -s stderr
check '8 lines' lines_are stdout 8
cp stdout eight
expect_exit 0 "$DIFFLM" sample run -n 8 -q
check 'the same text for the same seed' cmp eight stdout
expect_exit 0 "$DIFFLM" sample run -n 3 -q
check 'the first 3 of 8 texts' bash -c 'head -3 eight | cmp - stdout'
expect_exit 0 "$DIFFLM" sample run -n 8 -q --set sampling.batch=3
check 'the same text in other batches' cmp eight stdout
expect_exit 0 "$DIFFLM" sample run -n 8 -q --seed 2
check 'other texts for another seed' bash -c '! cmp -s eight stdout'
expect_exit 0 "$DIFFLM" sample run -n 8 -q --steps 9
check 'other texts with other steps' bash -c '! cmp -s eight stdout'
expect_exit 0 "$DIFFLM" sample run -n 8 -q --temperature 0.2
check 'other texts at another temperature' bash -c '! cmp -s eight stdout'
for sampler in ddim dpm-solver++; do expect_exit 0 "$DIFFLM" sample run -n 2 -q --sampler $sampler --clamp always; done
expect_exit 0 "$DIFFLM" sample run -n 4 -q --rounding cosine
check '4 lines with another rounding' lines_are stdout 4
expect_exit 0 "$DIFFLM" sample run -n 5 --jsonl
check '5 lines of JSON' lines_are stdout 5
check 'JSON lines' is_json stdout
for index in 0 1 2 3 4; do expect_stdout "^\{\"index\":$index,\"text\":\".*\",\"tokens\":[0-9]+,\"confidence\":"; done
expect_exit 0 "$DIFFLM" sample run -n 5 --jsonl --length 7
check '5 texts of 7 tokens' bash -c '[ "$(grep -c "\"tokens\":7," stdout)" -eq 5 ]'
expect_exit 0 "$DIFFLM" sample run -n 5 -q --length 7
check '7 words a line' bash -c '[ "$(awk "NF == 7" stdout | wc -l)" -eq 5 ]'
expect_exit 0 "$DIFFLM" sample run -n 6 -q --length 7 --steps 5 --set sampling.batch=4 --trace trace.jsonl
cp stdout six
check 'one line for each of 5 steps of 2 batches' lines_are trace.jsonl 10
check 'JSON lines in the trace' is_json trace.jsonl
check 'steps of the trace' grep -q '^{"step":4,"steps":5,"u":.*"samples":\[{"index":' trace.jsonl
if command -v python3 >/dev/null; then
  last=$(head -1 six | awk '{ print $NF }')
  expect_exit 0 "$SOURCE/scripts/trace-svg" trace.jsonl drawn.svg --sample 0 --frames 5
  check 'the last word of the text in the drawing of its trace' grep -q "^<text textLength.*>$last</text>" drawn.svg
fi

expect_error 2 'n: is 0, expected at least 1' "$DIFFLM" sample run -n 0
expect_error 2 'sampling.steps: is 0' "$DIFFLM" sample run --steps 0
expect_error 2 'sampling.temperature: is 0' "$DIFFLM" sample run --temperature 0
expect_error 2 "did you mean 'ddpm'" "$DIFFLM" sample run --sampler ddpn
expect_error 2 'is 2000000, expected 1 to 1000000' "$DIFFLM" sample run --length 2000000
expect_error 2 '--length: is -3' "$DIFFLM" sample run --length -3
expect_error 2 "rounding.*'soft'" "$DIFFLM" sample run --rounding soft
expect_error 2 "cannot change 'data.length'" "$DIFFLM" sample run --set data.length=3
expect_error 1 'tiny.toml/trace' "$DIFFLM" sample run --trace tiny.toml/trace

# describe
expect_exit 0 "$DIFFLM" describe run
for fact in 'kind +diffusion' 'parameters +[0-9]+' 'step +8' 'finished +true' 'vocabulary +[0-9]+'; do expect_stdout "^$fact"; done
expect_stdout 'sentences = 300'
expect_exit 0 "$DIFFLM" describe run --json
check 'describe --json to be JSON' is_one_json stdout

# eval
expect_exit 0 "$DIFFLM" eval run --no-judge -n 20 --steps 3 --json eval.json --keep texts.jsonl --set evaluation.resamples=50
expect_stdout 'unigram_entropy|entropy'
check 'eval.json to be JSON' is_one_json eval.json
for word in '"unigram_entropy"' '"novelty"' '"distinct-1"' '"origin"'; do check "$word in eval.json" grep -q "$word" eval.json; done
check '20 texts kept' lines_are texts.jsonl 20
check 'a perplexity beside each text' test "$(grep -c '"ngram_perplexity":[0-9]' texts.jsonl)" -eq 20
expect_exit 0 "$DIFFLM" eval --samples texts.jsonl --reference run/data --no-judge --json files.json --set evaluation.resamples=50
check 'files.json to be JSON' is_one_json files.json
head -12 eight >some.txt
expect_exit 0 "$DIFFLM" eval --samples some.txt --reference 'run/data/*.jsonl' --no-judge --set evaluation.resamples=50
# A judge of its own: trained once, then found again.
judged=(eval --samples texts.jsonl --reference run/data --set evaluation.resamples=20 --set evaluation.judge_steps=2)
expect_exit 0 "$DIFFLM" "${judged[@]}" --json own_judge.json
expect_stderr 'training a judge on [0-9]+ texts'
check 'the perplexity under the new judge' grep -q judge_perplexity own_judge.json
expect_exit 0 "$DIFFLM" "${judged[@]}" --json own_judge_again.json
check 'no second training' bash -c '! grep -q "training a judge" stderr'
check 'the same figures' bash -c 'diff <(grep judge_perplexity own_judge.json) <(grep judge_perplexity own_judge_again.json)'
expect_error 2 'nothere.jsonl: no such file' "$DIFFLM" eval --samples nothere.jsonl --reference run/data --no-judge
expect_error 2 'tiny.toml/x' "$DIFFLM" eval run --no-judge --json tiny.toml/x

# prepare, then train on it: the same run as without.
expect_exit 0 "$DIFFLM" prepare builtin data.builtin.sentences=300 data.word.min_count=1 -o prepared
check 'facts as JSON on standard output' is_one_json stdout
expect_stderr 'data.prepared=prepared'
expect_exit 0 train_tiny from_prepared data.prepared=prepared
check 'a prepared corpus to train like any' cmp run/checkpoint/model.safetensors from_prepared/checkpoint/model.safetensors

# Early stopping keeps the best weights, and they are the ones used.
expect_exit 0 train_tiny patient train.steps=60 train.learning_rate=0.5 train.clip=0 train.patience=1 train.validate_every=2 train.ema=0
expect_stderr 'stopped early'
expect_exit 0 "$DIFFLM" describe patient
expect_stdout '^weights_used +best'

# Every shipped configuration at a tiny size, two steps, then two texts. Keys of parts that a configuration does not use do no harm.
seq 400 | sed 's/.*/name[n&],"& is a small place in the centre & ."/' | (echo mr,ref; cat) >tiny.csv
seq 400 | sed 's/.*/Line & of a small play, in verse./' >tiny.txt
sizes=(model.transformer.width=16 model.transformer.layers=1 model.transformer.heads=2 model.bert.width=16 model.bert.layers=1
  model.bert.heads=2 model.bert.time_channels=16 model.autoregressive.width=16 model.autoregressive.layers=1
  model.autoregressive.heads=2 model.learned.dimension=16 data.builtin.sentences=300 data.word.min_count=1 data.length=24 train.steps=2
  train.minutes=0 train.batch=8 train.accumulate=1 train.validation_sequences=16 runtime.threads=1 sampling.steps=3)
found=0
for file in "$SOURCE"/configs/*.toml; do
  name=$(basename "$file" .toml)
  [[ "$name" != *classifier ]] || continue  # reads the texts of another run: control.sh
  found=$((found + 1))
  path=()
  [ "$name" = builtin ] || path=(data.path=tiny.txt)
  [ "$name" != e2e ] || path=(data.path=tiny.csv)
  expect_exit 0 "$DIFFLM" train "$file" "${path[@]}" "${sizes[@]}" -o "preset_$name"
  expect_exit 0 "$DIFFLM" sample "preset_$name" -n 2 -q --jsonl  # a text may have line breaks
  check "2 texts of the preset $name" lines_are stdout 2
done
check 'configurations in configs/' test "$found" -ge 1
expect_exit 0 train_tiny causal model.kind=autoregressive model.autoregressive.width=16 model.autoregressive.layers=1 model.autoregressive.heads=2
expect_exit 0 "$DIFFLM" sample causal -n 4 -q
check '4 texts of an autoregressive model' lines_are stdout 4
expect_exit 0 "$DIFFLM" eval run --judge causal -n 10 --set evaluation.resamples=20 --json judged.json
check 'the perplexity under the judge' grep -q judge_perplexity judged.json
