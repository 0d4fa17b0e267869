#!/usr/bin/env bash
# Other people's files: whatever they are called and however they come, they are read as what they are, and what was found is said.
. "$(dirname "$0")/lib.sh"

prepared() { "$DIFFLM" prepare data.word.min_count=1 -o prepared "$@"; }
texts() { cat prepared/train.jsonl prepared/validation.jsonl | wc -l; }
reads() {  # COUNT WORD ... : so many texts, and standard error matches the regex SAYS
  local count=$1
  shift
  rm -rf prepared
  expect_exit 0 prepared "$@"
  check "$count texts, not $(texts)" test "$(texts)" -eq "$count"
  expect_stderr "$says"
}

for i in $(seq 40); do echo "Anna went to the market $i times, and came back with bread."; done >plain.txt
sed 's/.*/{"label": "a, b", "text": "&"}/' plain.txt >lines.ndjson
says='read as jsonl, since it is JSON.*field .text.'
reads 40 lines.ndjson
reads 40 - <lines.ndjson
(echo '[' && sed 's/$/,/; $s/,$//' lines.ndjson && echo ']') >array.data
reads 40 array.data
gzip -k lines.ndjson
reads 40 lines.ndjson.gz
reads 40 <(cat lines.ndjson)

says='read as csv.*separated by tab.*quotes are plain characters.*column .text.'
(printf 'text\tlabel\n' && sed 's/ 7 times/ "7 times/; s/ 17 times/ 17 times"/; 5s/^/"/; 9s/\.$/."/; s/$/\t1/' plain.txt) >table.tsv
reads 40 table.tsv
says='columns are called 1, 2'
sed 's/.*/ham,"&",,,/' plain.txt >bare.csv
reads 40 bare.csv data.csv.text_column=2
expect_exit 0 prepared bare.csv data.csv.text_column=1+2
check 'two columns joined' grep -q '"text":"ham Anna went to the market 1 times' <(cat prepared/*.jsonl)

says='the mark <|endoftext|> stands 40 times'
sed 's/$/\n\n  More of it.\n<|endoftext|>/' plain.txt >marks.txt
reads 40 marks.txt
says='read as txt'
sed 's/$/\n###/' plain.txt >rulers.txt
reads 40 rulers.txt 'data.txt.delimiter=###'
says='byte order marks at the start of lines, dropped: 2'
(printf '\xef\xbb\xbf' && head -20 plain.txt && printf '\xef\xbb\xbf' && tail -20 plain.txt) >joined.txt
reads 40 joined.txt
says='one text without line breaks'
tr '\n' ' ' <plain.txt >stream.txt
reads 2 stream.txt  # its two sides

# Paths.
mkdir -p 'tree/deep/lr=0.1' tree/.hidden
cp plain.txt 'tree/deep/lr=0.1/one.txt'
head -5 plain.txt | sed 's/Anna/Ben/' >tree/two.txt
cp plain.txt tree/.hidden/three.txt
cp /bin/true tree/program
says='program'
reads 45 tree
says='read as txt'
reads 45 'tree/**/*.txt'
reads 40 'tree/deep/lr=0.1/one.txt'
reads 40 data.path='tree/deep/lr=0.1/one.txt'
HOME=$FOLDER reads 40 data.path='~/plain.txt'

# Broken lines: counted in the error, left out on request.
sed '7s/.*/{"text": "cut/; 30s/.*/{"text": 5}/' lines.ndjson >broken.ndjson
expect_error 2 'broken.ndjson:7: not valid JSON.*2 of 40 records' prepared broken.ndjson
expect_stderr 'data.broken=skip'
says='left out: 2 of 40 records.*broken.ndjson:7.*broken.ndjson:30'
reads 38 broken.ndjson data.broken=skip
expect_error 2 'looks like JSON but is not valid.*' prepared <(sed "s/\"/'/g" lines.ndjson)
expect_stderr 'data.corpus=txt'
says='looks like JSON, but is read as plain text'
reads 40 lines.ndjson data.corpus=txt

# A value with a comma is one label, and can be wished for.
awk '{ print "{\"text\": \"" ($2 % 2 ? "red" : "blue") " thing number " NR "\", \"topic\": \"" (NR % 2 ? "Arts, Culture & Travel" : "Science, Tech") "\"}" }' plain.txt >topics.jsonl
expect_exit 0 train_tiny labelled data.path=topics.jsonl model.labels=true
expect_stderr 'fields that became attributes: topic'
expect_exit 0 "$DIFFLM" control labelled -n 2 -q --label 'topic=Arts, Culture & Travel'
expect_error 2 "'topic' has no value 'Arts'" "$DIFFLM" control labelled -n 2 --label 'topic=Arts'
