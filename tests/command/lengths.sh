#!/usr/bin/env bash
# Texts of every length: rare ones are trained, long ones come in parts and are written block by block.
. "$(dirname "$0")/lib.sh"

words=(the old cafe by river serves warm bread and tea in quiet rooms)
text() {  # words, seed: sentences of five words
  local i line=''
  RANDOM=$2
  for ((i = 1; i <= $1; ++i)); do
    line+=" ${words[RANDOM % ${#words[@]}]}"
    [ $((i % 5)) -ne 0 ] || line+=' .'
  done
  echo "${line# }"
}

# Sixty texts, each of another length: every epoch has each of them once.
for n in $(seq 4 63); do text "$n" "$n"; done >rare.txt
expect_exit 0 train_tiny rare data.path=rare.txt data.validation=0.2 data.length=128 train.batch=16 train.steps=12
number() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "$2" | head -1; }
documents=$(number documents rare/data.json)
batches=$(((documents + 15) / 16))
check "three or four batches per epoch, of $documents texts" [ $((12 % batches)) -eq 0 ]
all=$(number tokens rare/data.json)
check "twelve steps to be $((12 / batches)) times the $all tokens" [ "$(number tokens rare/checkpoint/state.json)" -eq $((12 / batches * all)) ]
expect_exit 0 train_tiny few data.path=rare.txt data.length=128 train.batch=500
expect_stderr 'fewer than train.batch = 500'

# A tenth of the texts are long.
{ for n in $(seq 60); do text 9 "$n"; done; for n in $(seq 6); do text 60 "$n"; done; } >long.txt
for packing in bucket pad block; do
  expect_exit 0 train_tiny "$packing" data.path=long.txt data.length=20 "data.packing=$packing"
  [ $packing = block ] || expect_stderr '[0-9]+ of [0-9]+ texts \([0-9.]+% of all tokens\) are longer than data.length = 20 and are split .* data.length=7[0-9] takes all'
  expect_exit 0 "$DIFFLM" sample "$packing" -n 3 --length 50
  expect_exit 0 "$DIFFLM" sample "$packing" -n 3
done
expect_exit 0 "$DIFFLM" sample bucket -n 2 --length 50 --jsonl
check "two texts of fifty tokens" [ "$(grep -c '"tokens":50,' stdout)" -eq 2 ]
expect_exit 0 train_tiny out data.path=long.txt data.length=20 data.long=leave-out
expect_stderr 'are left out; data.length=7[0-9] takes all'
expect_error 2 'data.long' train_tiny wrong data.path=long.txt data.long=splitt
