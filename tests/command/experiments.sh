#!/usr/bin/env bash
# Every shipped experiment runs from beginning to end in its tiny size, on the built-in corpus.
. "$(dirname "$0")/lib.sh"

# Stand-ins for the word vectors that scripts/word-vectors makes.
mkdir -p runs/vectors
for dimension in 16 32 64 128; do
  "$DIFFLM" prepare builtin data.builtin.sentences=300 -o words >/dev/null 2>&1
  tr -cs 'A-Za-z' '\n' <words/train.jsonl | sort -u | sed '/^$/d' | head -400 | awk -v d=$dimension 'BEGIN { srand(d) } { line = $0; for (i = 0; i < d; ++i) line = line " " rand() - 0.5; print line }' >body
  { echo "$(wc -l <body) $dimension"; cat body; } >"runs/vectors/vectors-$dimension.vec"
done

for file in "$SOURCE"/experiments/*/experiment.toml; do
  name=$(basename "$(dirname "$file")")
  expect_exit 0 "$DIFFLM" compare "$file" data.builtin.sentences=300 train.validation_sequences=32 -o "$name" --smoke --jobs 2
  check "all runs of $name to be done" bash -c '! grep -q "\"status\":\"\(missing\|failed\)\"" "$1"' _ "$name/results.jsonl"
  check "a page of $name" grep -q 'A smoke run' "$name/report.html"
  check "a README of $name" test -s "$(dirname "$file")/README.md"
done
