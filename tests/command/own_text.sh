#!/usr/bin/env bash
# One command for any text: looked at, a recipe chosen, trained, continued; and what overrides the choice.
. "$(dirname "$0")/lib.sh"

poems() {
  local i
  for i in $(seq "$1"); do
    echo "The $(((i * 7) % 23))th rose of the garden, don't you see, is $(((i * 5) % 11)) days old (and $((i % 3)) nights)."
  done
}
poems 120 >poems.txt
tiny=(model.transformer.width=16 model.transformer.layers=1 model.transformer.heads=2 model.learned.dimension=16 train.steps=3
  train.validation_sequences=16 train.sample_every=0 runtime.threads=1 sampling.steps=3)

# inspect: the same as train sees and chooses, and nothing is left behind.
expect_exit 0 "$DIFFLM" inspect poems.txt
expect_stdout '^saw +texts +120 in 1 file'
expect_stdout 'scripts +Latin 100.0%'
expect_stdout 'unknown +spaced 0.0%, word [0-9.]+%'
expect_stdout 'duplicates +'
for key in data.corpus data.tokenizer data.spaced.vocab_size data.packing data.length data.validation train.minutes train.batch; do
  expect_stdout "$key +[^ ]+ +[^ ]"
done
check 'no folder' test ! -e runs
expect_exit 0 "$DIFFLM" inspect poems.txt --json
if command -v python3 >/dev/null; then
  check 'JSON with choices' python3 -c 'import json; x = json.load(open("stdout")); assert x["texts"] == 120 and len(x["choices"]) > 8 and all(c["reason"] for c in x["choices"])'
fi
expect_exit 0 "$DIFFLM" inspect poems.txt data.length=99 data.tokenizer=char
check 'what is asked for is not chosen' bash -c '! grep -Eq "data.(length|tokenizer) " stdout'

# train: a run named after the texts, with its choice in it.
expect_exit 0 "$DIFFLM" train poems.txt "${tiny[@]}"
check 'the first line to name the folder' bash -c 'head -1 stderr | grep -q "^runs/poems: a new run$"'
expect_stderr '^saw +texts +120 in 1 file'
expect_stderr '^chose +data.corpus'
expect_stderr 'now try: difflm sample runs/poems'
check 'the choice in the run' grep -Eq '^data.tokenizer = .spaced. +# [a-z]' runs/poems/chosen.toml
expect_exit 0 "$DIFFLM" sample runs/poems -n 3 -q
check 'no unknown word' bash -c '! grep -q "<unk>" stdout'

# The same command goes on with its run; another one, or other texts, get another folder.
expect_exit 0 "$DIFFLM" train poems.txt "${tiny[@]}"
expect_stderr "^runs/poems: the same command's run, which goes on"
check 'nothing chosen again' bash -c '! grep -q ^chose stderr'
expect_exit 0 "$DIFFLM" train poems.txt "${tiny[@]}" train.seed=2
expect_stderr '^runs/poems-2: a new run, since runs/poems holds another one \(it differs in train.seed\)'
poems 130 >poems.txt
expect_exit 0 "$DIFFLM" train poems.txt "${tiny[@]}"
expect_stderr '^runs/poems-3: a new run'

# The run goes on by its folder, and by its configuration, from anywhere.
for words in 'runs/poems-3' 'runs/poems-3/config.toml' '-o runs/poems-3'; do
  # shellcheck disable=SC2086
  expect_exit 0 "$DIFFLM" train $words train.steps=4
  expect_stderr 'resuming from the checkpoint in runs/poems-3'
done
cd runs || exit 1
expect_exit 0 "$DIFFLM" train ../poems.txt "${tiny[@]}" train.steps=5 -o poems-3
expect_stderr 'resuming from the checkpoint in poems-3'
cd .. || exit 1

# Ways to name texts.
mkdir -p texts/deep && poems 40 >texts/a.txt && poems 50 | tail -10 >texts/deep/b.txt
for words in 'texts' 'texts/**/*.txt' 'data.path=poems.txt' 'texts/a.txt texts/deep/b.txt'; do
  set -f
  # shellcheck disable=SC2086
  expect_exit 0 "$DIFFLM" inspect $words
  set +f
  expect_stdout '^chose '
done
expect_exit 0 "$DIFFLM" train data.path=poems.txt "${tiny[@]}" -o by_key
expect_stderr '^chose '
poems 60 | sed 's/^/"/; s/$/",x/' | (echo review,label; cat) >table.csv
expect_exit 0 "$DIFFLM" train table.csv "${tiny[@]}" -o table
expect_stderr 'data.csv.text_column +.*review'
expect_exit 0 bash -c "\"$DIFFLM\" train - ${tiny[*]} <poems.txt"
expect_stderr '^runs/input: a new run'
check 'the piped text in the run' cmp poems.txt runs/input/standard-input
expect_exit 0 bash -c "\"$DIFFLM\" train - ${tiny[*]} train.steps=4 -o runs/input <poems.txt"
expect_stderr 'resuming'

# A configuration wins over what is chosen; one that names its texts by itself is left as it is.
printf 'data.length = 48\ntrain.batch = 9\n' >mine.toml
expect_exit 0 "$DIFFLM" inspect mine.toml poems.txt
check 'what the file sets is not chosen' bash -c '! grep -Eq "data.length |train.batch " stdout'
expect_stdout 'data.tokenizer '
expect_exit 0 "$DIFFLM" train configs/difflm.toml data.path=poems.txt "${tiny[@]}" train.minutes=0 -o preset
check 'nothing is chosen for a preset' bash -c '! grep -q ^chose stderr'
check 'the tokenizer of the preset' grep -q 'tokenizer = .word.' preset/config.toml
expect_exit 0 "$DIFFLM" train poems.txt model.kind=autoregressive model.autoregressive.width=16 model.autoregressive.layers=1 train.steps=3 \
  train.validation_sequences=16 train.sample_every=0 runtime.threads=1 -o causal
check 'the recipe of its kind' grep -q 'kind = .autoregressive.' causal/config.toml
check 'the size of its own network to be chosen' grep -q '^model.autoregressive.dropout = ' causal/chosen.toml
check 'no other network to be chosen' bash -c '! grep -q "^model.transformer" causal/chosen.toml'

# Errors come before any work and lead to what works.
expect_error 2 'expected texts to learn from' "$DIFFLM" train
expect_stderr 'difflm train poems.txt'
expect_error 2 "'peoms.txt' is neither" "$DIFFLM" train peoms.txt
expect_error 2 'no file matches' "$DIFFLM" train 'none/*.txt'
expect_error 2 "unknown key 'train.stesp'" "$DIFFLM" train poems.txt train.stesp=3
expect_error 2 'do not divide' "$DIFFLM" train poems.txt model.transformer.heads=5
printf 'a\0b' >binary.txt
expect_error 2 'binary' "$DIFFLM" train binary.txt
: >empty.txt
expect_error 2 'holds no text' "$DIFFLM" train empty.txt
check 'no folder after errors' bash -c '! ls -d runs/binary* runs/empty* runs/peoms* runs/none* 2>/dev/null'
