#!/usr/bin/env bash
# Corpora that cannot be used, each with one message that says where; and odd ones that can.
. "$(dirname "$0")/lib.sh"

seq 200 | sed 's/.*/this is the line & of a small text ./' >good.txt
cannot() {  # REGEX key=value ...
  local regex=$1
  shift
  rm -rf r
  expect_error 2 "$regex" train_tiny r "$@"
  check 'no checkpoint' test ! -e r/checkpoint
}

cannot 'missing.txt: no such file' data.path=missing.txt
: >empty.txt
cannot 'empty.txt: holds no text' data.path=empty.txt
printf '\n \n\t\n' >blank.txt
cannot 'blank.txt: holds no text' data.path=blank.txt
cp /bin/true binary.txt
cannot 'binary.txt:[0-9]+: .*binary file, expected UTF-8 text' data.path=binary.txt
cannot '\*\.nothing: no file matches' 'data.path=*.nothing'
mkdir nothing
cannot 'is a folder without text files' data.path=nothing
cannot 'data.path: names no file' data.corpus=txt
head -5 good.txt >small.txt
cannot '5 documents split into' data.path=small.txt
printf 'x\n' >one.txt
cannot 'the only text is too short' data.path=one.txt
cannot 'no sequence of at most 3 tokens' data.path=good.txt data.length=3 data.long=leave-out
cannot 'nowhere is not a prepared corpus' data.prepared=nowhere

# Tables and JSON lines: the line is named.
{ printf 'mr,ref\n' && printf '"name[a]","b%d"\n' {1..30} && printf '"name[a]","unfinished\nx\n'; } >quote.csv
cannot 'quote.csv:32: a quote opens here' data.path=quote.csv
printf 'mr,ref\na,b\n' >meaning.csv
cannot "meaning.csv:2: 'a' is not a meaning" data.path=meaning.csv
printf 'mr,text\nname[a],b\n' >column.csv
cannot "column.csv:1: no column 'ref', there are: mr, text" data.path=column.csv data.csv.text_column=ref
printf '{"text":"x"}\n{"text":\n' >syntax.jsonl
cannot 'syntax.jsonl:2: not valid JSON' data.path=syntax.jsonl
printf '{"text":"x"}\n\n{"txt":"y"}\n' >field.jsonl
cannot "field.jsonl:3: has no field 'text'" data.path=field.jsonl
expect_stderr "did you mean 'txt'"
printf '{"text":"x"}\n{"text":5}\n' >type.jsonl
cannot "type.jsonl:2: 'text' is number, expected a text" data.path=type.jsonl
printf '{"text":"x"}\n[1]\n' >array.jsonl
cannot 'array.jsonl:2: is array without texts, expected an object' data.path=array.jsonl
cannot 'good.txt:1: not valid JSON' data.path=good.txt data.corpus=jsonl

# Standard input, CRLF and BOM, a glob, invalid bytes: they train, and give what the plain file gives.
rm -rf r
expect_exit 0 train_tiny plain data.path=good.txt
train_tiny stdin data.path=- <good.txt >stdout 2>stderr
ran='train data.path=- <good.txt'
check 'standard input to train like the file' cmp plain/checkpoint/model.safetensors stdin/checkpoint/model.safetensors
expect_exit 0 train_tiny stdin data.path=- train.steps=10
expect_stderr 'resuming'  # the text on standard input is not needed again
expect_error 2 'holds no text' bash -c '"$0" train tiny.toml -o r data.path=- </dev/null' "$DIFFLM"
(printf '\xef\xbb\xbf' && sed 's/$/\r/' good.txt) >crlf.txt
expect_exit 0 train_tiny crlf data.path=crlf.txt
check 'CRLF and BOM to make no difference' cmp plain/checkpoint/model.safetensors crlf/checkpoint/model.safetensors
mkdir parts
split -l 50 --additional-suffix=.txt good.txt parts/
expect_exit 0 train_tiny glob 'data.path=parts/*.txt'
check 'a glob of the parts to make no difference' cmp plain/checkpoint/model.safetensors glob/checkpoint/model.safetensors
(cat good.txt && printf 'a caf\x81 in no encoding\n') >latin.txt
expect_exit 0 train_tiny latin data.path=latin.txt
check 'the invalid byte to be counted' grep -q '"invalid_bytes_replaced": 1' latin/data.json

# A start that failed after its corpus was prepared leaves nothing behind that the next start would take for its own corpus.
expect_error 2 'heads do not divide' train_tiny again model.transformer.width=17
expect_exit 0 train_tiny again data.path=good.txt
expect_stderr 'corpus txt'
