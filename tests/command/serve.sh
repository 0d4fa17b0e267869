#!/usr/bin/env bash
# difflm serve: what clients get, that each text is the command's, what is refused and how, and how the server ends. The clients are
# in serve_client.py.
. "$(dirname "$0")/lib.sh"

train_tiny words train.steps=40
train_tiny next model.kind=autoregressive train.steps=40
"$DIFFLM" sample words -n 6 -s 3 -q >words.txt
"$DIFFLM" sample next -n 6 -s 3 -q >next.txt

# What is wrong at the start is said there.
expect_error 2 'no such run folder' "$DIFFLM" serve nowhere
expect_error 2 'host: is 0\.0\.0\.0.*key' "$DIFFLM" serve words --host 0.0.0.0
expect_error 2 'run' "$DIFFLM" serve

# start NAME ARGUMENTS...: serves in the background; its address is in ./address, its messages in NAME.log, its process in $server.
start() {
  local log=$1.log
  shift
  "$DIFFLM" serve "$@" --port 0 >/dev/null 2>"$log" &
  server=$!
  for _ in $(seq 200); do
    grep -q '^serving on' "$log" && break
    sleep 0.1
  done
  grep -o 'http://[^ ]*' "$log" >address
}
server=
cleanup+=('kill -9 "$server" 2>/dev/null')

# stops CODE: the server ends with this exit code after SIGTERM.
stops() {
  kill -TERM "$server"
  wait "$server"
  local came=$?
  ran="SIGTERM"
  [ "$came" -eq "$1" ] || fail "expected exit code $1 of the server, came $came"
}

client() { expect_exit 0 python3 "$SOURCE/tests/command/serve_client.py" "$(cat address)" "$@"; }

start all words next --queue 8
for subject in status completions streams tokens infill denoise steer cancel guard malformed load; do client "$subject"; done
# The examples of docs/serve.md, as printed.
grep -E '^    \$ curl ' "$SOURCE/docs/serve.md" | sed 's/^    \$ //' >examples
check 'examples in docs/serve.md' test "$(wc -l <examples)" -ge 6
address=$(cat address)
while IFS= read -r example; do
  example=${example//poems/words}
  expect_exit 0 bash -c "${example//http:\/\/127.0.0.1:8080\//$address}"
  check 'a reply' test -s stdout
  check 'no error' bash -c '! grep -q "\"error\"" stdout'
done <examples
stops 0
check 'an end that is said' grep -q '^stopped$' all.log

# A classifier that is served beside its model: wishes for attributes come true, as the command's do. Without the model it is refused.
expect_exit 0 "$DIFFLM" train "$SOURCE/configs/classifier.toml" model.classifier.base=words model.classifier.min_count=3 train.minutes=0 train.steps=20 \
  train.batch=4 model.transformer.width=16 model.transformer.layers=1 -o kinds
expect_error 2 'kinds: holds a model of kind classifier, which does not write but reads the texts of .*words' "$DIFFLM" serve kinds
"$DIFFLM" control words -n 2 -s 4 --attribute kind=cafe --classifier kinds -q >wished.txt
start attributes words kinds
check 'the classifier named' grep -q '^  attribute by kinds$' attributes.log
client classifier
stops 0

# With a key.
DIFFLM_API_KEY=secret start key words
client key
stops 0

# A request that takes too long is given up.
start slow words --timeout 0.3
client slow
stops 0

# What is being written when the server is stopped is finished, and nothing new is taken.
start last words
python3 "$SOURCE/tests/command/serve_client.py" "$(cat address)" last >last.out 2>&1 &
asking=$!
for _ in $(seq 100); do [ -e asked ] && break; sleep 0.1; done
stops 0
wait "$asking"
ran='a request at the end'
[ $? -eq 0 ] || { cat last.out >&2; fail 'expected the running request to be answered'; }

# The port of another program; and --open, which hands the address to the desktop's way of opening pages.
mkdir -p desktop
printf '#!/bin/sh\necho "$1" >"%s/opened"\n' "$PWD" >desktop/xdg-open
chmod +x desktop/xdg-open
PATH=$PWD/desktop:$PATH start first words --open
for _ in $(seq 50); do [ -s opened ] && break; sleep 0.1; done
check 'the page to be opened' cmp opened address
port=$(grep -oE '[0-9]+/?$' address | tr -d /)
expect_error 1 "cannot listen on 127\.0\.0\.1:$port" "$DIFFLM" serve words --port "$port"
stops 0
