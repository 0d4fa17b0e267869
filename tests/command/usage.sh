#!/usr/bin/env bash
# The command line itself: verbs, help, keys, values, exit codes, and what goes to which stream.
. "$(dirname "$0")/lib.sh"

expect_error 2 'subcommand is required' "$DIFFLM"
expect_stderr 'difflm --help'
expect_error 2 "no verb 'trian'" "$DIFFLM" trian
expect_stderr "did you mean 'train'"
expect_error 2 "no option '--verison'" "$DIFFLM" --verison
expect_error 2 'expected texts to learn from' "$DIFFLM" train -o nothere
expect_stderr 'difflm train poems.txt'
expect_error 2 'run is required' "$DIFFLM" sample
expect_error 2 'steps' "$DIFFLM" sample r --steps many
expect_error 2 'frobnicate' "$DIFFLM" sample r --frobnicate

expect_exit 0 "$DIFFLM" --version
expect_stdout '^[0-9]+\.[0-9]+\.[0-9]+$'
expect_exit 0 "$DIFFLM" --help
for verb in demo prepare inspect train sample eval list describe; do expect_stdout "^ +$verb +"; done

help_mentions() {
  local verb=$1
  shift
  expect_exit 0 "$DIFFLM" "$verb" --help
  local word
  for word in "$@"; do expect_stdout "$word"; done
  check "no message about $verb --help on standard error" test ! -s stderr
}
help_mentions demo --output --minutes
help_mentions prepare corpus --output
help_mentions train texts --output 'key=value' runs/NAME --watch
help_mentions sample run --count --seed --steps --temperature --length --trace --jsonl --rounding --sampler --threads --set
help_mentions eval run --samples --reference --judge --no-judge --json --count
help_mentions list family --all
help_mentions describe run --json

# Configuration: each error says where, what and what was expected; nothing is written.
expect_error 2 "command line: unknown key 'train.stesp'" train_tiny r train.stesp=3
expect_stderr "did you mean 'train.steps'"
expect_error 2 "noise.schedule: 'sqr' is unknown" train_tiny r noise.schedule=sqr
expect_stderr "did you mean 'sqrt'"
expect_error 2 "position.*'localty'" train_tiny r 'model.position=["localty"]'
expect_stderr "did you mean 'locality'"
expect_error 2 'train.steps: is a text, expected an integer' train_tiny r train.steps=many
expect_error 2 'train.steps: is a number, expected an integer' train_tiny r train.steps=1.5
expect_error 2 'model.self_conditioning: is an integer, expected true or false' train_tiny r model.self_conditioning=1
expect_error 2 'data.validation: is 2, expected a number from 0.0001 to 0.9' train_tiny r data.validation=2
expect_error 2 'runtime.threads: is -1' train_tiny r runtime.threads=-1
expect_error 2 'runtime.kernels: is fused, but' train_tiny fused runtime.kernels=fused runtime.autocast=false
expect_error 2 "'train.steps' is neither a file, a preset nor key=value" train_tiny r train.steps
expect_error 2 "'=3' is not an override, expected key=value" train_tiny r =3
expect_error 2 'nothere.toml: no such file' "$DIFFLM" train nothere.toml -o r
check 'no run folder after a wrong configuration' test ! -e r

printf 'train.steps = 3\n[data\n' >syntax.toml
expect_error 2 'syntax.toml:2:[0-9]+: not valid TOML' "$DIFFLM" train syntax.toml -o r
printf 'train.steps = 3\n\n[noise]\nschedul = "sqrt"\n' >key.toml
expect_error 2 "key.toml:4:[0-9]+: unknown key 'noise.schedul'" "$DIFFLM" train key.toml -o r
printf '[train]\nsteps = "3"\n' >type.toml
expect_error 2 'type.toml:2:[0-9]+: train.steps: is a text, expected an integer' "$DIFFLM" train type.toml -o r
printf 'include = "circle.toml"\n' >circle.toml
expect_error 2 'circle.toml.*includes itself' "$DIFFLM" train circle.toml -o r
expect_error 2 'has no budget, expected train.steps or train.minutes' train_tiny nobudget train.steps=0
expect_error 2 '2 heads do not divide a width of 17' train_tiny heads model.transformer.width=17

# Usage is 2, failure is 1.
expect_error 2 'nothere: no such run folder' "$DIFFLM" sample nothere
expect_error 2 'expected either a run folder or --samples' "$DIFFLM" eval
expect_error 2 '--samples needs --reference' "$DIFFLM" eval --samples tiny.toml
expect_error 1 'tiny.toml/run: cannot make this folder' train_tiny tiny.toml/run

# list
expect_exit 0 "$DIFFLM" list
for family in data.corpus data.tokenizer data.packing model.kind model.embedding noise.schedule noise.times model.parametrisation \
  model.denoiser model.position model.rounding loss.terms train.schedule train.trackers sampling.sampler evaluation.metrics; do
  expect_stdout "^$family: "
done
for variant in txt jsonl csv builtin word char bpe sentencepiece pad bucket block diffusion autoregressive learned random pretrained \
  sqrt cosine linear uniform stratified x0 epsilon v logits transformer bert rotary locality \
  nearest softmax denoise cross-entropy rounding anchor prior constant tensorboard ddpm ddim 'dpm-solver\+\+' judge_perplexity \
  unigram_entropy distinct-1 novelty; do
  expect_stdout "^  $variant +"
done
expect_exit 0 "$DIFFLM" list schedule
expect_stdout '^noise.schedule: '
expect_stdout '^    noise.sqrt.shift +0.0001'
expect_stdout '^train.schedule: '
check 'only what was asked for in `list schedule`' bash -c '! grep -q ^data stdout'
expect_exit 0 "$DIFFLM" list --all
for key in data.path data.corpus noise.schedule train.minutes train.steps train.checkpoint_every train.seed runtime.threads \
  runtime.kernels runtime.device model.transformer.width sampling.ddim.eta; do
  expect_stdout "^    $key +"
done
# Every variant is in the table of variants.
"$DIFFLM" list | sed '/^presets/,/^[^ p]/{/^  /d}' | sed -nE 's/^  ([^ ]+) .*/\1/p' | sort -u > listed
grep -oE '^\| `[^`]+`' "$SOURCE/docs/variants.md" | tr -d '|` ' | sort -u > documented
check "docs/variants.md has every variant, not: $(comm -23 listed documented | tr '\n' ' ')" test -z "$(comm -23 listed documented)"
expect_error 2 "no family or section 'schedul'" "$DIFFLM" list schedul
expect_stderr "did you mean 'schedule'"
