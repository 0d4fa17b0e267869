#!/usr/bin/env bash
# The page of an experiment in a browser: drawn, without an error on its console, without a request to anywhere.
. "$(dirname "$0")/lib.sh"

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || { echo "no Chromium here"; exit 77; }
cat >small.toml <<'TOML'
question = "Is the page drawn?"
base = ["tiny.toml"]
seeds = [1, 2]
samples = 12
metrics = ["ngram_perplexity", "unigram_entropy"]
[axis.rounding]
softmax = []
nearest = ["model.rounding=nearest"]
[contrast.main]
first = "rounding=softmax"
second = "rounding=nearest"
metric = "ngram_perplexity"
TOML
expect_exit 0 "$DIFFLM" compare small.toml -o out

export HOME=$FOLDER
for scheme in light dark; do
  flag=$([ $scheme = dark ] && echo --force-dark-mode --blink-settings=preferredColorScheme=0 || true)
  # shellcheck disable=SC2086
  expect_exit 0 timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --enable-logging=stderr --v=0 \
    --proxy-server=127.0.0.1:9 --disable-background-networking $flag --window-size=1200,3000 --screenshot="$FOLDER/$scheme.png" "file://$FOLDER/out/report.html"
  check "no word on the console ($scheme)" bash -c '! grep -q "CONSOLE" stderr'
  # Every row of pixels of one colour is compressed to almost nothing: a page of text and plots is not.
  check "a picture that is not blank ($scheme)" test "$(stat -c %s "$scheme.png" 2>/dev/null || echo 0)" -gt 60000
done
expect_exit 0 timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --dump-dom "file://$FOLDER/out/report.html"
expect_stdout 'id="answers"'
check 'plots, each with words for those who cannot see it' bash -c '[ "$(grep -o "role=\"img\" aria-label=\"[^\"]" stdout | wc -l)" -ge 6 ]'
check 'a policy that forbids all requests' grep -q "default-src 'none'" stdout
