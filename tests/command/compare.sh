#!/usr/bin/env bash
# An experiment: planned, made, stopped, continued, failed in part, gathered; what is refused before any work.
. "$(dirname "$0")/lib.sh"

experiment() {
  cat >"$1" <<'TOML'
question = "Does the rounding matter, and is 1 < 2?"
base = ["tiny.toml"]
seeds = [1, 2]
samples = 12
metrics = ["ngram_perplexity", "unigram_entropy"]
smoke = ["train.steps=2"]
[axis.rounding]
softmax = []
nearest = ["model.rounding=nearest"]
[sampling]
few = ["sampling.steps=2"]
more = ["sampling.steps=5"]
[contrast.main]
first = "rounding=softmax"
second = "rounding=nearest"
metric = "ngram_perplexity"
[contrast.steps]
first = "sampling=more"
second = "sampling=few"
metric = "unigram_entropy"
TOML
}
experiment small.toml

# Planning does no work and leaves nothing.
expect_exit 0 "$DIFFLM" compare small.toml -o out --dry-run
expect_stdout 'rounding=softmax, seed 2'
expect_stdout '^4 runs, 4 missing; 2 sampling settings of 12 texts each'
check 'a dry run to write nothing' test ! -e out

# Errors are reported before anything is made.
expect_error 2 'expected an experiment file' "$DIFFLM" compare -o out
expect_error 2 'no such file' "$DIFFLM" compare nothere.toml -o out
expect_error 2 'expected a folder' "$DIFFLM" compare small.toml
sed 's/^seeds/seds/' small.toml >wrong.toml
expect_error 2 "seds .*is no key of an experiment" "$DIFFLM" compare wrong.toml -o out
sed 's/rounding=softmax"/rounding=softmx"/' small.toml >wrong.toml
expect_error 2 "no variant 'softmx'" "$DIFFLM" compare wrong.toml -o out
expect_stderr "did you mean 'softmax'"
sed 's/"model.rounding=nearest"/"model.rounding=nearest", "data.length=32"/' small.toml >wrong.toml
expect_error 2 'differ in data.length: runs on unequal terms' "$DIFFLM" compare wrong.toml -o out
sed 's/"model.rounding=nearest"/"model.roundin=nearest"/' small.toml >wrong.toml
expect_error 2 'model.roundin' "$DIFFLM" compare wrong.toml -o out
check 'nothing made by wrong experiments' test ! -e out

# Ctrl-C after the first run: the rest is made by the same command, the first one is not made again.
"$DIFFLM" compare small.toml -o out >stdout 2>stderr &
process=$!
for _ in $(seq 300); do grep -q '^made ' stderr && break; sleep 0.1; done
kill -INT "$process"
wait "$process"
check 'exit code 130 after Ctrl-C' test $? -eq 130
made=$(grep -c '^made ' stderr)
check 'one run at least' test "$made" -ge 1
expect_exit 0 "$DIFFLM" compare small.toml -o out
check 'only the missing runs to be made' test "$(grep -c '^made ' stderr)" -eq $((4 - made))
expect_stdout 'No difference shown|beats|is worse than'
check 'a line a run and setting' test "$(wc -l <out/results.jsonl)" -eq 8
check 'a header of the table' grep -q '^address,code,seed,rounding,sampling,row,metric,unit,value,lower,upper$' out/results.csv
check 'a page with the question, escaped' grep -q '1 &lt; 2?' out/report.html
check 'a page that needs nothing from elsewhere' bash -c '! grep -Eq "https?://|<script|src=" out/report.html'

expect_exit 0 "$DIFFLM" compare small.toml -o out
check 'nothing left to be made' bash -c '! grep -q "^made " stderr'

# An evaluation that is lost comes back without a new training, and is the same.
lost=$(find out/runs -name 'few-*.json' | sort | head -1)
cp "$lost" kept.json
rm "$lost"
expect_exit 0 "$DIFFLM" compare small.toml -o out
check 'one run to be completed' test "$(grep -c '^made ' stderr)" -eq 1
check 'the same figures' bash -c 'diff <(sed "s/\"[a-z_]*seconds.*//; s/\"samples_per_second.*//" kept.json) <(sed "s/\"[a-z_]*seconds.*//; s/\"samples_per_second.*//" "$1") >diff.txt' _ "$lost"

# The report is made again from what is there.
rm out/report.html
expect_exit 0 "$DIFFLM" report out
check 'the page to be back' test -s out/report.html

# For other engines: one command per line, each makes its run; what is there is gathered.
expect_exit 0 "$DIFFLM" compare plan small.toml -o spread train.steps=4
check 'four commands' test "$(grep -c '^difflm compare run spread [0-9a-f]\{16\}$' stdout)" -eq 4
head -1 stdout | sed "s#^difflm#$DIFFLM#" >one.sh
expect_exit 0 bash one.sh
expect_exit 0 "$DIFFLM" compare collect spread
expect_stdout 'No answer yet'
check 'three runs to be missing' test "$(grep -c '"status":"missing"' spread/results.jsonl)" -eq 3
expect_error 2 'has no run 0000' "$DIFFLM" compare run spread 0000
expect_error 2 'is not the folder of an experiment' "$DIFFLM" report nothere

# One variant fails while it trains: it is recorded with its log, the others are made, the exit code says so.
sed 's/^nearest = .*/nearest = ["model.rounding=nearest"]\nwild = ["noise.schedule=linear", "noise.steps=10", "noise.cap=0.999999", "model.parametrisation=epsilon", "model.norm=none", "train.learning_rate=10", "train.clip=0", "train.weight_decay=0", "train.beta1=0", "train.beta2=0.1"]/' small.toml >failing.toml
expect_exit 1 "$DIFFLM" compare failing.toml -o failing train.steps=300 runtime.autocast=false --jobs 2
expect_stderr 'FAILED rounding=wild, seed 1 with exit code 1; see failing/runs/'
expect_stderr '2 of 6 runs failed'
check 'the failures in the results' test "$(grep -c '"status":"failed"' failing/results.jsonl)" -eq 2
check 'why, on the page' grep -q 'is not finite' failing/report.html

expect_exit 0 "$DIFFLM" compare small.toml -o smoke --smoke
check 'the page to say that it is a smoke run' grep -q 'A smoke run' smoke/report.html
