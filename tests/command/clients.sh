#!/usr/bin/env bash
# Clients that people have, against `difflm serve`: OpenAI's own, from npm, plain and streaming; and axe-core, which looks for what keeps
# people from using the page. Left out where npm is missing or cannot reach its registry.
. "$(dirname "$0")/lib.sh"

command -v npm >/dev/null && command -v node >/dev/null || { echo "no npm here"; exit 77; }
timeout 120 npm install --silent --no-fund --no-audit --prefix "$FOLDER/npm" openai@4 axe-core@4 >npm.log 2>&1 || { echo "npm cannot install"; exit 77; }
train_tiny words train.steps=40
train_tiny next model.kind=autoregressive train.steps=20
"$DIFFLM" sample words -n 2 -s 3 -q >words.txt
"$DIFFLM" serve words next --port 0 >/dev/null 2>server.log &
server=$!
cleanup+=('kill -9 "$server" 2>/dev/null')
for _ in $(seq 200); do grep -q '^serving on' server.log && break; sleep 0.1; done
address=$(grep -o 'http://[^ ]*' server.log)
for _ in $(seq 100); do curl -sf "${address}health" >/dev/null && break; sleep 0.1; done

cat >npm/client.mjs <<'JS'
import assert from 'node:assert';
import fs from 'node:fs';
import OpenAI from 'openai';
const client = new OpenAI({ baseURL: process.argv[2] + 'v1', apiKey: 'any', maxRetries: 0 });
const expected = fs.readFileSync('words.txt', 'utf8').split('\n').slice(0, 2);
const models = await client.models.list();
assert.deepEqual(models.data.map((model) => model.id), ['words', 'next']);
const plain = await client.completions.create({ model: 'words', prompt: '', seed: 3, n: 2 });
assert.deepEqual(plain.choices.map((choice) => choice.text), expected);
assert.ok(plain.usage.total_tokens > 0);
for (const model of ['words', 'next']) {
  const whole = await client.completions.create({ model, prompt: '', seed: 3 });
  let text = '';
  for await (const part of await client.completions.create({ model, prompt: '', seed: 3, stream: true })) text += part.choices[0].text;
  assert.equal(text, whole.choices[0].text);
}
const scored = await client.completions.create({ model: 'next', prompt: expected[0], max_tokens: 0, echo: true, logprobs: 1 });
assert.ok(scored.choices[0].logprobs.token_logprobs.every((value) => value <= 0));
await assert.rejects(client.completions.create({ model: 'words', prompt: 'xyzzy' }), (error) => error.status === 400 && /xyzzy/.test(error.message));
await assert.rejects(client.completions.create({ model: 'other', prompt: '' }), (error) => error.status === 404);
// A stream that is left in the middle.
const left = await client.completions.create({ model: 'words', prompt: '', stream: true, n: 8 });
for await (const part of left) { assert.ok(part.choices); break; }
console.log('done');
JS
expect_exit 0 node npm/client.mjs "$address"

browser=$(command -v chromium) && command -v chromedriver >/dev/null && /usr/bin/python3 -c 'import selenium' 2>/dev/null || exit 0
export HOME=$FOLDER
expect_exit 0 timeout 120 /usr/bin/python3 "$SOURCE/tests/command/page_axe.py" "$address" "$browser" npm/node_modules/axe-core/axe.min.js
