#!/usr/bin/env bash
# A training that is watched: `difflm train --watch`, and `difflm serve` on a run that another process trains. training_client.py asks
# as programs do; training_browser.py looks at it in Chromium, where there is one.
. "$(dirname "$0")/lib.sh"

client() { expect_exit 0 timeout 120 python3 "$SOURCE/tests/command/training_client.py" "$@"; }

# wait_for REGEX FILE: until a line matches.
wait_for() {
  for _ in $(seq 300); do
    grep -Eqs -- "$1" "$2" && return
    sleep 0.1
  done
  ran="waiting for '$1' in $2"
  fail 'it never came'
}

# Often enough to have something to see within seconds.
often=(train.validate_every=20 train.sample_every=40 train.log_every=5)
train_tiny done "${often[@]}" train.steps=120 2>/dev/null
check 'samples as lines' grep -q '^{"step":40,"texts":\["' done/samples.jsonl

# What is wrong with the port is said before anything is written, and a word after --watch that is no port is a text.
expect_error 2 'watch: is 70000' "$DIFFLM" train tiny.toml -o nothing --watch 70000
expect_error 2 'nowhere.txt' "$DIFFLM" train --watch nowhere.txt -o nothing
expect_exit 0 "$DIFFLM" train --watch tiny.toml -o given train.steps=2
expect_stderr '^watch it on http://127\.0\.0\.1:[0-9]+/#training=given$'

# The process that trains shows it.
"$DIFFLM" train tiny.toml -o live "${often[@]}" train.steps=0 train.minutes=0.25 --watch 0 2>live.log &
training=$!
cleanup+=('kill -9 "$training" 2>/dev/null')
wait_for '^watch it on' live.log
address=$(grep -o 'http://[^#]*' live.log)
port=$(grep -oE '[0-9]+/$' <<<"$address" | tr -d /)
expect_error 1 "watch: cannot listen on 127\.0\.0\.1:$port" "$DIFFLM" train tiny.toml -o nothing --watch "$port"
check 'no run folder' test ! -e nothing
client "$address" live

browser=$(command -v chromium)
has_browser() { [ -n "$browser" ] && /usr/bin/python3 -c 'import selenium' 2>/dev/null && command -v chromedriver >/dev/null; }
look() {
  has_browser || return
  HOME=$FOLDER expect_exit 0 timeout 150 /usr/bin/python3 "$SOURCE/tests/command/training_browser.py" "$browser" "$FOLDER" "$@"
}
look live "$address"
wait "$training"
ran='difflm train --watch'
[ $? -eq 0 ] || fail 'expected the training to end well'
check 'its end' grep -q '^finished after' live.log

# A server of a run that another process trains, from before its first checkpoint on; the training stands still meanwhile.
"$DIFFLM" train tiny.toml -o other "${often[@]}" train.steps=1000000 train.checkpoint_every=100 2>other.log &
training=$!
wait_for '"step":5,' other/metrics.jsonl
kill -STOP "$training"
check 'no checkpoint yet' test ! -e other/checkpoint/state.json

# Pages about a run: one with a script, one that is a link to elsewhere, and the report of the run's experiment.
echo '<!doctype html><title>How it went</title><p id="out">nothing</p><script>let kept; try { kept = localStorage.length; } catch { kept = "none"; }
fetch("/v1/training").then(() => "asked", () => "refused").then((asked) => { document.getElementById("out").textContent = `${self.origin} ${kept} ${asked}`; });</script>' >done/how.html
ln -s /etc/passwd done/link.html
mkdir -p experiment/runs/a1
cp -r done experiment/runs/a1/model
echo '{}' >experiment/plan.json
echo '<title>The experiment</title>' >experiment/report.html

start() {  # start LOG RUN...
  "$DIFFLM" serve "${@:2}" --port 0 >/dev/null 2>"$1" &
  server=$!
  wait_for '^serving on' "$1"
  address=$(grep -o 'http://[^ ]*' "$1")
}
server=
cleanup+=('kill -9 "$server" 2>/dev/null')
start served.log done other experiment/runs/a1/model
check 'that it has no checkpoint' grep -q '^other: in training, without a checkpoint yet' served.log
client "$address" before
look served "$address"
kill -CONT "$training"
client "$address" after
client "$address" logs
train_tiny done "${often[@]}" train.steps=140 2>/dev/null
client "$address" resumed
client "$address" newer
kill -TERM "$training"
wait "$training"
SERVER=$server look lost "$address"
{ kill -9 "$server"; wait "$server"; } 2>/dev/null

DIFFLM_API_KEY=secret start key.log done
client "$address" key
kill -TERM "$server"
wait "$server"
has_browser || { [ "$failures" -gt 0 ] || { echo "no Chromium with chromium-driver and python3-selenium here"; exit 77; }; }
