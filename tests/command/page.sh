#!/usr/bin/env bash
# The page of `difflm serve` in a real browser, with a real server and real small models: page_browser.py does what people do there.
. "$(dirname "$0")/lib.sh"

browser=$(command -v chromium) || { echo "no Chromium here"; exit 77; }
/usr/bin/python3 -c 'import selenium' 2>/dev/null && command -v chromedriver >/dev/null || { echo "no chromium-driver or python3-selenium here"; exit 77; }
train_tiny words train.steps=60
train_tiny next model.kind=autoregressive train.steps=20
export HOME=$FOLDER
expect_exit 0 timeout 400 /usr/bin/python3 "$SOURCE/tests/command/page_browser.py" "$DIFFLM" "$browser" "$FOLDER"
