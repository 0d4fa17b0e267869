#!/usr/bin/env bash
# Texts and wishes as people type them: nothing unknown is written, words are found wherever they stand, and what cannot be is said first.
. "$(dirname "$0")/lib.sh"

tiny=(train.minutes=0 train.steps=8 train.batch=8 train.sample_every=0 train.validate_every=1000 train.validation_sequences=4 model.learned.dimension=16
  model.transformer.width=16 model.transformer.layers=1 model.transformer.heads=2 runtime.threads=1)
few=(--set sampling.steps=20)

# Plain text by the tokenizer of spaced words.
for ((i = 0; i < 60; ++i)); do
  printf 'The "old" cafe (by the river) is called Caf\u00e9 %s.\nHis parents'"'"' pub opens at %d p.m. \u2013 don'"'"'t be late!\n' $((i % 7)) $((i % 9))
done >texts.txt
expect_exit 0 "$DIFFLM" train data.path=texts.txt data.tokenizer=spaced "${tiny[@]}" train.steps=150 -o spaced
expect_exit 0 "$DIFFLM" sample spaced -n 20 -q "${few[@]}"
check 'no unknown word' bash -c '! grep -q "<unk>" stdout'
# So small a model may still put a stray letter after a word; the word itself, as the texts have it, is always there.
accented="Caf$(printf '\u00e9')"
expect_exit 0 "$DIFFLM" control spaced -n 6 --keyword "parents' pub" --keyword "$accented" "${few[@]}"
check 'both phrases in each text' bash -c '[ "$(grep -c "$1" stdout)" -eq 6 ] && [ "$(grep -c "$2" stdout)" -eq 6 ]' _ "parents' pub" "$accented"
expect_exit 0 "$DIFFLM" control spaced -n 6 --keyword "$(printf 'cafe\u0301')" "${few[@]}"
check 'the composed word in each text' bash -c '[ "$(grep -c "$1" stdout)" -eq 6 ]' _ "$accented"

# Placeholders beside punctuation.
expect_exit 0 "$DIFFLM" control spaced -n 4 --infill 'The "old" _ (by ___) is called [MASK] _.' -q "${few[@]}"
check 'given words, with their spaces' bash -c '[ "$(grep -cE "^The \"old\".* \(by.*\) is called.*\.$" stdout)" -eq 4 ]'
check 'no placeholder is left' bash -c '! grep -qE "_|MASK" stdout'

# Wishes that cannot be.
expect_error 2 'contradict each other' "$DIFFLM" control spaced --keyword cafe --without Cafe
expect_error 2 'contradict each other' "$DIFFLM" control spaced --keyword 'the river' --length 1
expect_error 2 'contradict each other' "$DIFFLM" control spaced --keyword pub --infill 'The old cafe.'
expect_error 2 'the texts of spaced have no fields' "$DIFFLM" control spaced --attribute food=Italian
expect_error 2 'is 0, expected 1 to [0-9]+ tokens' "$DIFFLM" control spaced --length 0
expect_error 2 'is -1, expected at least 0' "$DIFFLM" sample spaced --seed -1
expect_error 2 'is -1, expected at least 0' "$DIFFLM" control spaced --keyword cafe --seed -1
expect_error 2 'is 0, expected at least 1' "$DIFFLM" sample spaced --length 0

# A script without spaces: a keyword stands anywhere; words by spaces would be unknown.
printf '\u767d\u9e64\u662f\u5b66\u6821\u5bf9\u9762\u7684\u4e00\u5bb6\u5496\u5561\u9986\uff0c\u73af\u5883\u5b89\u9759\u3002\n' >one.txt
for ((i = 0; i < 50; ++i)); do cat one.txt; printf '\u957f\u6865\u662f\u8001\u57ce\u7684\u4e00\u5bb6\u8336\u697c%d\uff0c\u9002\u5408\u5bb6\u5ead\u3002\n' "$i"; done >zh.txt
expect_exit 0 "$DIFFLM" train data.path=zh.txt data.tokenizer=spaced "${tiny[@]}" -o zh
expect_exit 0 "$DIFFLM" control zh -n 5 --keyword "$(printf '\u5496\u5561\u9986')" "${few[@]}"
expect_stderr ': 5 of 5'
check 'the word is in each' bash -c '[ "$(grep -c "$(printf "\u5496\u5561\u9986")" stdout)" -eq 5 ]'

# Words that are too rare for a vocabulary: refused where they are many, said and never written where they are few.
for ((i = 0; i < 60; ++i)); do printf 'a cafe number%d in town%d\n' "$i" "$i"; done >rare.txt
expect_error 2 "'word' leaves 40% of the training texts unknown, expected at most 5%.*spaced 0%, word 40%" "$DIFFLM" train data.path=rare.txt data.tokenizer=word "${tiny[@]}" -o rare
expect_stderr 'data.tokenizer=spaced'
for ((i = 0; i < 60; ++i)); do printf 'a cafe in the old town by the river is open on Mondays and Tuesdays, and it is cheap %s\n' "$([ $((i % 3)) -eq 0 ] && echo "x$i")"; done >few.txt
expect_exit 0 "$DIFFLM" train data.path=few.txt data.tokenizer=word "${tiny[@]}" -o few
expect_stderr '[0-9.]+% of the training texts is unknown to the vocabulary, and will not be written'
expect_exit 0 "$DIFFLM" sample few -n 30 -q "${few[@]}"
check 'no unknown word is written' bash -c '! grep -q "<unk>" stdout'
