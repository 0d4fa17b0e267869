#!/usr/bin/env bash
# `difflm eval` of anybody's texts: any bytes, long texts, few texts, folders that cannot be written, Ctrl-C.

. "$(dirname "$0")/lib.sh"

# COUNT lines of WORDS words.
write_texts() {
  awk -v count="$1" -v words="$2" -v seed="$3" 'BEGIN {
    srand(seed)
    split("the a old quiet green narrow harbour garden light tower river train market window keeps finds holds meets turns near", word, " ")
    for (i = 0; i < count; ++i) {
      line = ""
      for (k = 0; k < words; ++k) line = line (k > 0 ? " " : "") word[1 + int(20 * rand() * rand())]
      print line "."
    }
  }'
}
few=(--set evaluation.resamples=20 --set runtime.threads=1)

# A byte order mark, carriage returns, a byte of another encoding.
write_texts 300 8 1 >corpus.txt
printf '\xef\xbb\xbfthe old caf\x81 near the river.\r\n\r\na quiet garden.\r\n' >bytes.txt
expect_exit 0 "$DIFFLM" eval --samples bytes.txt --reference corpus.txt --no-judge "${few[@]}" --keep kept.jsonl --json kept.json
expect_stdout 'samples: 1 bytes that are not UTF-8'
expect_stdout 'samples: 1 empty texts are left out'
expect_stdout 'mauve is left out: there is no judge'
check 'the texts without a mark or a carriage return' grep -q '^{"text":"the old caf.* near the river\."' kept.jsonl

# Few texts and long ones: the judge learns from windows and reads in windows; what is undefined has a dash and a reason.
write_texts 30 240 2 >long.txt
write_texts 6 240 3 >samples.txt
expect_exit 0 "$DIFFLM" eval --samples samples.txt --reference long.txt "${few[@]}" --set evaluation.judge_steps=2 --set data.validation=0.3
expect_stderr 'mauve is undefined \(-\): it needs 20 texts'
expect_stdout '^\| judge_perplexity +\| perplexity +\| as held-out +\| [0-9]'
expect_stdout '^\| mauve +\| none +\| higher +\| - '
expect_stdout '6 of 6 samples are longer than the [0-9]+ tokens that the judge reads at once'
expect_stdout 'the judge has learned from [0-9]+ texts only'
check 'no figure that is not a number' bash -c '! grep -qi "nan" stdout'
check 'no hint about keys of training' bash -c '! grep -q "train\\.batch" stdout stderr'
printf 'the old river.\nthe quiet garden 1.\n' >two.txt
expect_exit 0 "$DIFFLM" eval --samples samples.txt --reference two.txt "${few[@]}" --set data.validation=0.5
expect_stderr 'there is no judge: 1 different training texts'

# What cannot be read or written is said before any judge is trained.
rm -rf "$XDG_CACHE_HOME"
judged=(eval --samples samples.txt --reference long.txt "${few[@]}" --set evaluation.judge_steps=2)
expect_error '[12]' 'no/such/folder/out.json: cannot be written' "$DIFFLM" "${judged[@]}" --json no/such/folder/out.json
expect_error 2 'missing.txt: no such file' "$DIFFLM" eval --samples missing.txt --reference long.txt
expect_error 2 'missing.txt: no such file' "$DIFFLM" eval --samples samples.txt --reference missing.txt
expect_error 2 'no such run folder' "$DIFFLM" "${judged[@]}" --judge no/such/run
expect_error 2 'words.txt: no such file' "$DIFFLM" "${judged[@]}" --set evaluation.words=words.txt
check 'no judge to be trained for that' test ! -e "$XDG_CACHE_HOME"

# A cache that cannot be written, no home at all: another folder, and which one is said. TMPDIR is the last that is tried.
touch file
expect_exit 0 env XDG_CACHE_HOME="$FOLDER/file/cache" TMPDIR="$FOLDER" "$DIFFLM" "${judged[@]}"
expect_stderr "is kept in $FOLDER/difflm-[0-9]+ \\(.*file/cache"
expect_exit 0 env -u XDG_CACHE_HOME -u HOME TMPDIR="$FOLDER" "$DIFFLM" "${judged[@]}"
check 'the judge to be found there again' bash -c '! grep -q "training a judge" stderr'

# Ctrl-C while a judge is trained: what it has learned is kept, and the same command goes on.
long=(eval --samples samples.txt --reference long.txt "${few[@]}" --set evaluation.judge_steps=400)
"$DIFFLM" "${long[@]}" >stdout 2>stderr &
pid=$!
for ((i = 0; i < 100; ++i)); do grep -q 'training a judge' stderr && break; sleep 0.1; done
sleep 1.5
kill -INT "$pid"
wait "$pid"
code=$?
ran='Ctrl-C while the judge is trained'
check "exit code 130, came $code" test "$code" -eq 130
expect_stderr 'stopped at step [1-9][0-9]* of the judge.s training, which is kept'
"$DIFFLM" "${long[@]}" >stdout 2>stderr &
pid=$!
for ((i = 0; i < 100; ++i)); do grep -q 'going on training a judge' stderr && break; sleep 0.1; done
kill -KILL "$pid"
wait "$pid" 2>/dev/null
expect_stderr 'going on training a judge'

# Killed while it samples: the texts that were finished are found again.
expect_exit 0 train_tiny run
many=(eval run -n 400 --no-judge "${few[@]}" --steps 40 --set sampling.batch=4)
"$DIFFLM" "${many[@]}" >stdout 2>stderr &
pid=$!
for ((i = 0; i < 200; ++i)); do [ "$(cat "$XDG_CACHE_HOME"/difflm/samples-*/samples.jsonl 2>/dev/null | wc -l)" -ge 2 ] && break; sleep 0.05; done
kill -KILL "$pid"
wait "$pid" 2>/dev/null
expect_exit 0 "$DIFFLM" "${many[@]}"
expect_stderr '[1-9][0-9]* texts of an interrupted evaluation are there already'
check 'no texts to be left behind' bash -c '! ls "$XDG_CACHE_HOME"/difflm/samples-* 2>/dev/null'
