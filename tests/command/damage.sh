#!/usr/bin/env bash
# Run folders with something missing, cut or foreign in them: one message that names the file, never a crash.
. "$(dirname "$0")/lib.sh"

expect_exit 0 train_tiny run
expect_exit 0 train_tiny other data.tokenizer=char
expect_exit 0 train_tiny wide model.transformer.width=32

fresh() { rm -rf r && cp -r run r; }

# Every reader of a run must say the same.
cannot() {  # CODE REGEX
  expect_error "$1" "$2" "$DIFFLM" sample r -q
  expect_error "$1" "$2" "$DIFFLM" describe r
}
cannot_resume() { expect_error "$1" "$2" train_tiny r train.steps=10; }

mkdir r
cannot 2 'r: holds no checkpoint, expected a run folder'
fresh && rm -r r/checkpoint
cannot 2 'r: holds no checkpoint'
fresh && rm r/config.toml
cannot 2 'r/config.toml: no such file'
expect_error 2 'tiny.toml' "$DIFFLM" sample tiny.toml

# Weights
half() { truncate -s $(($(stat -c %s "$1") / 2)) "$1"; }
fresh && half r/checkpoint/ema.safetensors
cannot 2 'ema.safetensors: .*file holds only'
fresh && rm r/checkpoint/ema.safetensors
cannot 2 'ema.safetensors: '
fresh && : >r/checkpoint/ema.safetensors
cannot 2 'ema.safetensors: '
fresh && half r/checkpoint/model.safetensors
cannot_resume 2 'model.safetensors: .*file holds only'
fresh && half r/checkpoint/optimizer.safetensors
cannot_resume 2 'optimizer.safetensors: .*file holds only'
fresh && rm r/checkpoint/optimizer.safetensors
cannot_resume 2 'optimizer.safetensors: '
for length in '\xff\xff\xff\xff\xff\xff\xff\x7f' '\xff\xff\xff\xff\xff\xff\xff\xff' '\x00\x00\x00\x00\x00\x00\x00\x00' '\x09\x00\x00\x00\x00\x00\x00\x00'; do
  fresh && printf "$length" | dd of=r/checkpoint/ema.safetensors conv=notrunc status=none
  cannot 2 'ema.safetensors: '
done
# A foreign safetensors file: valid, but without our tensors.
foreign='{"weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
fresh && (printf "\\x$(printf %02x ${#foreign})\0\0\0\0\0\0\0%s\0\0\0\0\0\0\0\0" "$foreign") >r/checkpoint/ema.safetensors
cannot '[12]' 'ema.safetensors'
cp r/checkpoint/ema.safetensors foreign.safetensors
fresh && cp foreign.safetensors r/checkpoint/optimizer.safetensors
cannot_resume 1 'optimizer.safetensors: has the parameters in another order'

# Parts of another run: another vocabulary, another size.
fresh && cp other/checkpoint/* r/checkpoint/
cannot '[12]' 'ema.safetensors'
expect_stderr 'vocabulary|shape|size'
cannot_resume '[12]' 'model.safetensors'
fresh && cp other/tokenizer.json r/
cannot '[12]' 'ema.safetensors'
fresh && cp wide/checkpoint/* r/checkpoint/
cannot '[12]' 'ema.safetensors'
cannot_resume '[12]' 'model.safetensors'

# Text files: cut, emptied, of another kind.
for text in '' '{' '[]' '{}' 'null' '{"kind": 3}' '{"kind": "words"}' '{"kind": "word", "words": 7}' '{"kind": "word", "lowercase": false, "words": ["a", "a"]}'; do
  fresh && printf %s "$text" >r/tokenizer.json
  cannot '[12]' '(tokenizer.json|ema.safetensors): '
done
for text in '' '{' '[]' '{}' 'null' '{"training": 3}' '{"corpus": {"kind": "x"}, "training": {"lengths": {"a": 1}}, "validation": {"lengths": {}}}'; do
  fresh && printf %s "$text" >r/data.json
  cannot 1 'r/data.json: '
done
for text in '' '{' '[]' '{}' 'null' '{"step": "x"}'; do
  fresh && printf %s "$text" >r/checkpoint/state.json
  cannot 1 'state.json: '
  cannot_resume 1 'state.json: '
done
fresh && half r/config.toml
cannot '[12]' 'config.toml|unknown|ema.safetensors'
fresh && printf 'model = 3\n' >r/config.toml
cannot '[12]' "config.toml|ema.safetensors: tensor"
fresh && printf '[model\n' >r/config.toml
cannot 2 'config.toml:1:[0-9]+: not valid TOML'
fresh && sed -i 's/transformer = \|"transformer"/"transfromer"/' r/config.toml
cannot 2 "'transfromer'"

# The prepared corpus of a run, when it is continued.
for file in train.bin validation.bin; do
  fresh && half "r/data/$file"
  cannot_resume '[12]' "data/$file: "
  fresh && head -c 4096 /dev/urandom >"r/data/$file"
  cannot_resume '[12]' "data/$file: "
  fresh && : >"r/data/$file"
  cannot_resume '[12]' "data/$file: "
  fresh && rm "r/data/$file"
  cannot_resume '[12]' "data/$file: "
done
fresh && cp other/data/train.bin r/data/
cannot_resume '[12]' 'data/train.bin: '
fresh && echo '{}' >r/data/data.json
cannot_resume 1 'data/data.json: '
fresh && echo '{}' >r/data/tokenizer.json
cannot_resume 1 'data/tokenizer.json: '
fresh && echo 'nonsense' >r/metrics.jsonl
expect_exit 0 train_tiny r train.steps=10  # a damaged log is no reason to fail a run
