#!/usr/bin/env bash
# A run whose corpus changes: its vocabulary is its own, other texts are refused with the way to learn them, and nothing is touched.
. "$(dirname "$0")/lib.sh"

poems() { awk -v from="$1" -v to="$2" 'BEGIN { for (i = from; i < to; ++i) print "the tree number " i " stands in the garden of " (i * 7 % 23) }'; }
whole() { find "$1" -type f ! -name .lock ! -path '*/data/*' -exec sha256sum {} + | sort; }

for tokenizer in word bpe; do
  command=("$DIFFLM" train tiny.toml data.corpus=txt data.path=poems.txt data.tokenizer=$tokenizer data.bpe.vocab_size=280 data.word.min_count=1
    -o run_$tokenizer)
  poems 0 150 >poems.txt
  expect_exit 0 "${command[@]}"
  poems 0 220 >poems.txt
  expect_exit 0 "${command[@]}"
  expect_stderr 'poems.txt has changed \([0-9]+ bytes, now [0-9]+\) since the run began'
  whole run_$tokenizer >before
  rm -r run_$tokenizer/data
  expect_error 2 'data.path: holds other texts than those that run_.* has learned from' "${command[@]}" train.steps=12
  expect_stderr "train.start=run_$tokenizer"
  whole run_$tokenizer >after
  check 'the run to be as it was' cmp before after
  expect_exit 0 "$DIFFLM" sample run_$tokenizer -n 2 -q
  # The way that the message names.
  expect_exit 0 "$DIFFLM" train run_$tokenizer/config.toml train.start=run_$tokenizer train.steps=4 -o tuned_$tokenizer
  expect_stderr 'begins with what .* has learned'
  # So does the short one: other texts, and a run to begin with. Its network is taken over, whatever these texts would get.
  poems 300 460 >others.txt
  expect_exit 0 "$DIFFLM" train others.txt train.start=run_$tokenizer train.minutes=0 train.steps=4 -o other_$tokenizer
  expect_stderr 'begins with what .* has learned'
  expect_stderr 'model.transformer.dropout +0'
  check 'nothing to be chosen that is the run'"'"'s' bash -c '! grep -qE "vocab_size|min_count|data.length  |width|layers" stderr'
  expect_exit 0 "$DIFFLM" sample other_$tokenizer -n 2 -q
  poems 0 150 >poems.txt
  expect_exit 0 "${command[@]}" train.steps=12
  expect_stderr 'the corpus is read again, with the vocabulary of the run'
  check 'the vocabulary to be that of the run' cmp run_$tokenizer/tokenizer.json run_$tokenizer/data/tokenizer.json
done
