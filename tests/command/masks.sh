#!/usr/bin/env bash
# Masks in the place of noise, with the commands of any model; and rare words that are those of the training texts.
. "$(dirname "$0")/lib.sh"

tiny=(noise.process=mask noise.schedule=log-linear model.context_free=false train.minutes=0 train.steps=200 train.batch=8 train.sample_every=0
  train.validate_every=1000 train.validation_sequences=4 model.learned.dimension=16 model.transformer.width=32 model.transformer.layers=1
  model.transformer.heads=2 runtime.threads=1)

# Rare words have pieces, so that a model so small makes up others.
for ((i = 0; i < 60; ++i)); do
  rare=$(printf '%s' "$i" | md5sum | tr '0-9' 'g-p' | cut -c1-9)
  printf 'The old cafe by the river is called %s.\nHis parents open the pub with %s.\n' "$rare" "$rare"
done >texts.txt
expect_exit 0 "$DIFFLM" train data.path=texts.txt data.tokenizer=spaced data.spaced.vocab_size=400 data.validation=0.05 "${tiny[@]}" -o masked
for order in random entropy-bound confidence; do
  expect_exit 0 "$DIFFLM" sample masked -n 20 -q --set sampling.steps=8 sampling.order=$order sampling.corrections=1
  check "twenty texts in the order $order" test "$(wc -l <stdout)" -ge 20
done
known() { tr -cs 'A-Za-z' '\n' <"$1" | sort -u | grep . | comm -23 - <(tr -cs 'A-Za-z' '\n' <texts.txt | sort -u) | wc -l; }
expect_exit 0 "$DIFFLM" sample masked -n 40 -q --set sampling.steps=8 sampling.spelling=free
check 'words that no text has' test "$(known stdout)" -gt 5
free=$(known stdout)
expect_exit 0 "$DIFFLM" sample masked -n 40 -q --set sampling.steps=8 sampling.spelling=known
check "hardly any of the $free with sampling.spelling=known, but $(known stdout)" test "$(known stdout)" -le $((free / 4))
expect_exit 0 "$DIFFLM" control masked -n 6 --keyword parents --set sampling.steps=20
check 'the keyword in each text' test "$(grep -c parents stdout)" -eq 6
expect_exit 0 "$DIFFLM" control masked -n 4 --infill 'The old _ by the _.' -q
check 'given words' test "$(grep -cE '^The old [^ ]+ by the [^ ]+\.$' stdout)" -eq 4
# A model that writes token by token spells as it writes.
expect_exit 0 "$DIFFLM" train data.path=texts.txt data.tokenizer=spaced data.spaced.vocab_size=400 data.validation=0.05 model.kind=autoregressive \
  model.autoregressive.width=32 model.autoregressive.layers=1 train.minutes=0 train.steps=800 train.batch=8 train.sample_every=0 runtime.threads=1 -o left
expect_exit 0 "$DIFFLM" sample left -n 100 -q --set sampling.spelling=free
check 'words that no text has' test "$(known stdout)" -gt 20
free=$(known stdout)
expect_exit 0 "$DIFFLM" sample left -n 100 -q --set sampling.spelling=known
check "hardly any of the $free with sampling.spelling=known, but $(known stdout)" test "$(known stdout)" -le $((free / 4))
# The same with other words in the place of words.
for process in uniform mixed; do
  expect_exit 0 "$DIFFLM" train data.path=texts.txt data.tokenizer=spaced data.spaced.vocab_size=400 data.validation=0.05 "${tiny[@]}" \
    noise.process=$process -o $process
  expect_exit 0 "$DIFFLM" sample $process -n 20 -q --set sampling.steps=8 sampling.order=entropy-bound sampling.corrections=1 sampling.top_p=0.95
  check "twenty texts with $process noise" test "$(wc -l <stdout)" -ge 20
  expect_exit 0 "$DIFFLM" control $process -n 6 --keyword parents --set sampling.steps=20
  check "the keyword in each text with $process noise" test "$(grep -c parents stdout)" -eq 6
  expect_exit 0 "$DIFFLM" control $process -n 4 --infill 'The old _ by the _.' -q
  check "given words with $process noise" test "$(grep -cE '^The old [^ ]+ by the [^ ]+\.$' stdout)" -eq 4
  expect_exit 0 "$DIFFLM" eval $process -n 20 --no-judge --json eval.json
  check "a bound with $process noise" grep -qE '"kind": ?"bound"' eval.json
  expect_error 2 'sampling.remask: needs a model whose words are hidden' "$DIFFLM" sample $process --set sampling.remask=0.1
done
expect_exit 0 "$DIFFLM" sample masked -n 20 -q --set sampling.steps=8 sampling.remask=0.2
expect_exit 0 "$DIFFLM" eval masked -n 20 --no-judge --json eval.json
check 'exact likelihoods of two orders' grep -qE '"kind": ?"exact"' eval.json
expect_error 2 'control.rule: has no use where noise replaces words' "$DIFFLM" control masked --keyword parents --set control.rule=reference
expect_error 2 'sampling.clamp: has no use where noise replaces words' "$DIFFLM" sample masked --set sampling.clamp=always
expect_error 2 'needs model.given_flag=true' "$DIFFLM" train data.path=texts.txt "${tiny[@]}" model.given_flag=false loss.clean_context=0 -o unflagged

# Wishes by what is known of a text: by its words alone, by tags, and by a classifier that has learned from hidden words.
expect_exit 0 train_tiny hidden noise.process=mask noise.schedule=log-linear model.context_free=false
expect_exit 0 "$DIFFLM" train "$SOURCE/configs/classifier.toml" model.classifier.base=hidden model.classifier.min_count=3 train.minutes=0 \
  train.steps=20 train.batch=4 model.transformer.width=16 model.transformer.layers=1 -o classifier
expect_exit 0 "$DIFFLM" control hidden -n 2 --attribute kind=cafe --classifier classifier -q --set sampling.steps=5
check '2 texts with an attribute' test "$(wc -l <stdout)" -eq 2
expect_exit 0 "$DIFFLM" control hidden -n 3 --tags 'DET NOUN AUX ADJ PUNCT' -q --set sampling.steps=5
check '3 tagged texts' test "$(wc -l <stdout)" -eq 3
expect_exit 0 "$DIFFLM" sample hidden -n 3 -q
expect_error 2 "the tokenizer 'word' has not kept" "$DIFFLM" sample hidden --set sampling.spelling=known
