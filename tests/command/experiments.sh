#!/usr/bin/env bash
# Every shipped experiment runs from beginning to end in its tiny size, on the built-in corpus.
. "$(dirname "$0")/lib.sh"

# Stand-ins for the word vectors that scripts/word-vectors makes.
mkdir -p runs/vectors
expect_exit 0 "$DIFFLM" prepare builtin data.builtin.sentences=300 -o words
tr -cs 'A-Za-z' '\n' <words/train.jsonl | sort -u | sed '/^$/d' | head -400 >vocabulary
for dimension in 16 32 64 128; do
  {
    echo "$(wc -l <vocabulary) $dimension"
    awk -v d=$dimension 'BEGIN { srand(d) } { line = $0; for (i = 0; i < d; ++i) line = line " " rand() - 0.5; print line }' vocabulary
  } >"runs/vectors/vectors-$dimension.vec"
done

# Small networks; a variant that names a size or a configuration of its own keeps it.
small=(data.builtin.sentences=300 data.most_unknown=1 train.validation_sequences=32 model.transformer.width=32 model.transformer.layers=1 model.transformer.heads=2
  model.bert.width=32 model.bert.layers=1 model.bert.heads=2 model.autoregressive.width=32 model.autoregressive.layers=1
  model.autoregressive.heads=2 evaluation.resamples=20)
for file in "$SOURCE"/experiments/*/experiment.toml; do
  name=$(basename "$(dirname "$file")")
  expect_exit 0 "$DIFFLM" compare "$file" "${small[@]}" -o "$name" --smoke --jobs 2
  check "all runs of $name to be done" bash -c '! grep -q "\"status\":\"\(missing\|failed\)\"" "$1"' _ "$name/results.jsonl"
  check "a page of $name" grep -q 'A smoke run' "$name/report.html"
  check "a README of $name" test -s "$(dirname "$file")/README.md"
done
