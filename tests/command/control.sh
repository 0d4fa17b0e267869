#!/usr/bin/env bash
# Steering from the command line: wishes, their output, a classifier, the measurement, and what is refused.
. "$(dirname "$0")/lib.sh"

lines_are() { [ "$(wc -l <"$1")" -eq "$2" ]; }

expect_exit 0 train_tiny run data.long=leave-out
expect_exit 0 "$DIFFLM" control --help
for word in --keyword --without --attribute --tags --length --infill --jsonl --trace 'example:'; do expect_stdout "$word"; done

expect_exit 0 "$DIFFLM" control run -n 4 --keyword cafe --length 9..12 --set sampling.steps=8
check '4 texts' lines_are stdout 4
check 'the word in each' bash -c '[ "$(grep -ci cafe stdout)" -eq 4 ]'
expect_stderr 'keywords "cafe": 4 of 4'
expect_stderr 'length "9..12": 4 of 4'
cp stdout four
expect_exit 0 "$DIFFLM" control run -n 4 --keyword cafe --length 9..12 --set sampling.steps=8 sampling.batch=3 -q
check 'the same texts in other batches, and no message with -q' bash -c 'cmp four stdout && [ ! -s stderr ]'

# Options of one kind may be repeated, and an option does not swallow what follows it.
expect_exit 0 "$DIFFLM" control --without the --without is run -n 3 --jsonl -q --set sampling.steps=5
check '3 lines of JSON' lines_are stdout 3
expect_stdout '"ngram_perplexity":[0-9.]+,"network_evaluations":5.0,"guide_evaluations":0.0'
expect_stdout '"wishes":\[\{"guide":"without","wish":"the","holds":true,"log_probability":-?[0-9.e-]+\},\{"guide":"without","wish":"is","holds":true'

expect_exit 0 "$DIFFLM" control run -n 3 --infill 'the _ cafe is *' -q --set sampling.steps=5
check 'given words in each' bash -c '[ "$(grep -cE "^the [^ ]+ cafe is" stdout)" -eq 3 ]'
expect_exit 0 "$DIFFLM" control run -n 3 --tags 'DET NOUN AUX ADJ PUNCT' -q --set sampling.steps=5
check '3 tagged texts' lines_are stdout 3
expect_exit 0 "$DIFFLM" control run -n 2 --keyword cafe --length 8 --trace trace.jsonl -q --set sampling.steps=4
check 'a line a step' lines_are trace.jsonl 4
check 'log-probabilities in the trace' grep -q '"log_probabilities":\[-[0-9.e-]*,null\]' trace.jsonl

# A program is a wish: the best of several texts is chosen by it, and corrections are accepted by it. What is wrong with it shows at once.
for setting in control.candidates=4 sampling.corrections=2; do
  expect_exit 0 "$DIFFLM" control run -n 3 --reward "awk '{ print length }'" --jsonl --set sampling.steps=5 $setting
  check '3 texts' lines_are stdout 3
  expect_stdout '"guide":"reward","wish":"awk .{ print length }.","holds":null,"log_probability":null,"rating":[0-9.]+'
done
expect_error 2 'nothing to choose from' "$DIFFLM" control run --reward 'sed s/.*/1/' --set sampling.corrections=0
expect_error 2 "'false' ended with code 1" "$DIFFLM" control run --reward false --set control.candidates=4
expect_error 2 'expected a finite number' "$DIFFLM" control run --reward cat --set control.candidates=4
expect_error 2 'has not ended after 0.2 seconds' "$DIFFLM" control run --reward 'sleep 5' --set control.candidates=4 control.reward.seconds=0.2

# Nothing is guided with a weight of 0, by any rule.
expect_exit 0 "$DIFFLM" sample run -n 3 -q --set sampling.steps=5
cp stdout unsteered
for rule in posterior reference denoiser; do
  expect_exit 0 "$DIFFLM" control run -n 3 --keyword cafe -q --set sampling.steps=5 control.keywords.weight=0 control.rule=$rule
  check "unsteered texts with $rule" cmp unsteered stdout
done

# A classifier, what it steers, and how well.
expect_exit 0 "$DIFFLM" train "$SOURCE/configs/classifier.toml" model.classifier.base=run model.classifier.min_count=3 train.minutes=0 train.steps=20 \
  train.batch=4 model.transformer.width=16 model.transformer.layers=1 -o classifier
expect_stderr 'labels found by noise level'
expect_stderr 'now try: difflm control .*run --attribute FIELD=VALUE --classifier classifier'
expect_exit 0 "$DIFFLM" control run -n 2 --attribute kind=cafe --classifier classifier -q --set sampling.steps=5
check '2 texts with an attribute' lines_are stdout 2
expect_exit 0 "$DIFFLM" train "$SOURCE/configs/span-classifier.toml" model.span-classifier.base=run model.span-classifier.min_count=3 train.minutes=0 \
  train.steps=10 train.batch=4 model.transformer.width=16 model.transformer.layers=1 -o spans
expect_stderr 'now try: difflm control .*run --span .NP 1-4. --span-classifier spans'
expect_exit 0 "$DIFFLM" control run -n 2 --span 'NP 1-3, VP 4-7' --span-classifier spans -q --set sampling.steps=5
check '2 texts with constituents' lines_are stdout 2
tree='(S (NP (PROPN _) (PROPN _)) (VP (AUX _) (NP (DET _) (_ _))) (PUNCT _))'
expect_exit 0 "$DIFFLM" control run -n 2 --tree "$tree" --span-classifier spans -q --set sampling.steps=5
check 'each text has as many words as the tree' bash -c '[ "$(tr -d . <stdout | wc -w)" -eq 10 ]'
expect_exit 0 "$DIFFLM" eval run --control attribute,keywords+length,part-of-speech,infill,span,tree --classifier classifier --span-classifier spans --targets 2 --per-target 2 --no-judge \
  --set sampling.steps=4 --json control.json --keep texts.jsonl
for kind in unsteered attribute 'keywords\+length' part-of-speech infill span tree; do expect_stdout "^\| $kind \|"; done
check 'the texts, two of each of twelve tasks' lines_are texts.jsonl 24
check 'how far each fulfils its task' grep -q '"fulfilled":' texts.jsonl
check 'the report in JSON' grep -q '"format": "difflm control evaluation 1"' control.json
printf '{"keywords": "cafe", "length": "9"}\n\n{"without": ["the", "is"]}\n' >tasks.jsonl
expect_exit 0 "$DIFFLM" eval run --control tasks.jsonl --per-target 2 --no-judge --set sampling.steps=4
expect_stdout '^\| keywords\+length \| 1 \| 2 \| 100.0%'

# A parser adds what a corpus lacks; the builtin corpus has everything.
printf 'The cafe is cheap.\nThe old pub serves good food.\nThe of and cafe the.\nIt is near the river.\n' >plain.txt
expect_exit 0 "$DIFFLM" prepare plain.txt data.word.min_count=1 data.validation=0.3 -o plain
expect_exit 0 "$DIFFLM" annotate plain
expect_stdout '^3 of 4 texts have parts of speech and a tree'
check 'a tree for a sentence' bash -c 'cat plain/train.jsonl plain/validation.jsonl | grep -q "(NP (DET The) (NOUN cafe))"'
expect_exit 0 "$DIFFLM" annotate run
expect_stdout '^300 of 300 texts'
expect_stderr 'now try: difflm train configs/span-classifier.toml model.span-classifier.base=run'
expect_error 2 'is not a prepared corpus' "$DIFFLM" annotate .

# Or a tagger, learned from texts that are tagged.
printf 'The/D cafe/N sells/V food/N ./.\nIt/P is/V old/A ./.\n' >tagged.txt
expect_exit 0 "$DIFFLM" annotate plain --tagged tagged.txt
expect_stdout '^4 of 4 texts have parts of speech'
check 'tags of its own' grep -q '"It is near the river.".*"tags":."P","V"' plain/train.jsonl plain/validation.jsonl
check 'what tagged them' grep -q '"by": "tagger"' plain/data.json
expect_error 2 "'The' has no tag, expected word/TAG" "$DIFFLM" annotate plain --tagged plain.txt
expect_error 2 'no such file' "$DIFFLM" annotate plain --tagged none.txt
expect_exit 0 "$DIFFLM" prepare builtin data.builtin.sentences=50 -o own
expect_error 2 'has texts with parts of speech of their own' "$DIFFLM" annotate own --tagged tagged.txt

# A judge of fluency has the same vocabulary. Fluency is a matter of degree, so a task is judged by its other wishes.
expect_exit 0 train_tiny judge model.kind=autoregressive model.autoregressive.width=16 model.autoregressive.layers=1
expect_exit 0 "$DIFFLM" control run -n 2 --fluency judge --keyword cafe --jsonl -q --set sampling.steps=5
expect_stdout '"guide":"fluency","wish":"judge","holds":null,"log_probability":-[0-9.]+'
echo '{"fluency": "judge", "keywords": "cafe"}' >fluent.jsonl
expect_exit 0 "$DIFFLM" eval run --control fluent.jsonl --per-target 2 --no-judge --set sampling.steps=4
expect_stdout '^\| fluency\+keywords \| 1 \| 2 \| 100.0%'

# A model that was trained with labels, and an autoregressive one.
expect_exit 0 train_tiny told model.labels=true
expect_exit 0 "$DIFFLM" control told -n 3 --label kind=cafe --keyword cafe -q --set sampling.steps=5
check '3 texts with a label and a word' bash -c '[ "$(grep -ci cafe stdout)" -eq 3 ]'
expect_exit 0 train_tiny told-autoregressive model.labels=true model.kind=autoregressive
expect_exit 0 "$DIFFLM" control told-autoregressive -n 3 --label kind=cafe --jsonl -q --set control.label.weight=2
check '3 texts of an autoregressive model' bash -c '[ "$(grep -c "\"guide\":\"label\",\"wish\":\"kind=cafe\"" stdout)" -eq 3 ]'
expect_exit 0 "$DIFFLM" eval told-autoregressive --control label --targets 2 --per-target 2 --no-judge
expect_stdout '^\| label \| 2 \| 4 \|'
expect_error 2 'only a diffusion model can be steered' "$DIFFLM" control told-autoregressive --label kind=cafe --keyword cafe
expect_exit 0 "$DIFFLM" train "$SOURCE/configs/prefix-classifier.toml" model.prefix-classifier.base=told-autoregressive train.minutes=0 train.steps=20 train.batch=4 \
  model.prefix-classifier.width=16 model.prefix-classifier.layers=1 -o prefixes
expect_stderr 'now try: difflm control .*told-autoregressive --fudge FIELD=VALUE --prefix-classifier prefixes'
expect_exit 0 "$DIFFLM" control told-autoregressive -n 2 --fudge kind=cafe --label kind=cafe --prefix-classifier prefixes -q
check '2 texts by FUDGE' lines_are stdout 2
expect_exit 0 "$DIFFLM" eval told-autoregressive --control fudge --prefix-classifier prefixes --targets 2 --per-target 2 --no-judge
expect_stdout '^\| fudge \| 2 \| 4 \|'
# A judge of attributes that no rule can judge, learned from other texts.
moods() { for i in $(seq "$1" "$2"); do for mood in warm:red cold:blue; do echo "{\"text\": \"a ${mood#*:} thing number $i\", \"mood\": \"${mood%:*}\"}"; done; done; }
moods 1 60 >moods.jsonl
moods 61 120 >other-moods.jsonl
expect_exit 0 train_tiny moody data.corpus=jsonl data.path=moods.jsonl data.validation=0.3 model.labels=true
expect_exit 0 "$DIFFLM" eval moody --control label --attribute-judge other-moods.jsonl --targets 2 --per-target 2 --no-judge --set sampling.steps=4 --json judged.json
expect_stderr 'attribute judge: 2 of 2 labels trusted; of these it finds 100.0% in held-out texts'
check 'what it is worth, of each label' grep -q '"trusted": true' judged.json
expect_error 2 'no held-out text gives a task' "$DIFFLM" eval moody --control label --no-judge
expect_error 2 'no independent judge' "$DIFFLM" eval moody --control label --attribute-judge moods.jsonl --no-judge
expect_error 2 'have no attribute' "$DIFFLM" eval moody --control label --attribute-judge "$SOURCE/README.md" --no-judge
expect_error 2 'needs a prefix-classifier' "$DIFFLM" control told-autoregressive --fudge kind=cafe

# Words written with an autoregressive model.
expect_exit 0 "$DIFFLM" sample told -n 3 -q --rounding mixed --set sampling.mixed.autoregressive=told-autoregressive sampling.steps=5
check '3 mixed texts' lines_are stdout 3
expect_exit 0 "$DIFFLM" sample told -n 3 -q --set sampling.judge=told-autoregressive sampling.steps=5 sampling.corrections=1 sampling.improbable=1
check '3 judged texts' lines_are stdout 3
expect_error 2 'sampling.corrections of at least 1' "$DIFFLM" sample told --set sampling.judge=told-autoregressive sampling.corrections=0
expect_error 2 'sampling.mixed.autoregressive: is missing' "$DIFFLM" sample told --rounding mixed
expect_error 2 'was not trained to be told labels' "$DIFFLM" control run --label kind=cafe
expect_error 2 'model.labels: needs texts with labels' "$DIFFLM" train model.labels=true data.corpus=txt data.path="$SOURCE/README.md" train.steps=2 -o unlabelled

# Refused, before any work and with a hint.
expect_error 2 'there are none' "$DIFFLM" control run
expect_error 2 "'frobnicate' is not a word of the model's vocabulary" "$DIFFLM" control run --keyword frobnicate
expect_error 2 'expected 1 to 64' "$DIFFLM" control run --length 99
expect_error 2 'contradict each other' "$DIFFLM" control run --length 3 --infill 'the _ cafe is _ .'
expect_error 2 'needs a classifier' "$DIFFLM" control run --attribute kind=cafe
expect_error 2 'needs a span-classifier' "$DIFFLM" control run --span 'NP 1-3'
expect_error 2 "'XP' is no constituent" "$DIFFLM" control run --span 'XP 1-3' --span-classifier spans
expect_error 2 'expected a label and words' "$DIFFLM" control run --span 'NP 1' --span-classifier spans
expect_error 2 'holds a model of kind classifier, expected one of kind span-classifier' "$DIFFLM" control run --span 'NP 1-3' --span-classifier classifier
expect_error 2 "has the word 'the', expected _" "$DIFFLM" control run --tree '(NP (DET the))' --span-classifier spans
expect_error 2 "'XP' is no constituent" "$DIFFLM" control run --tree '(XP (DET _))' --span-classifier spans
expect_error 2 "^difflm: --tree: 'FOO' is not a part of speech" "$DIFFLM" control run --tree '(NP (FOO _))' --span-classifier spans
expect_error 2 'a bracket that is not closed' "$DIFFLM" control run --tree '(NP (DET _)' --span-classifier spans
expect_error 2 'holds a model of kind diffusion, expected one of kind autoregressive' "$DIFFLM" control run --fluency run
expect_error 2 "there is no field 'kinds'" "$DIFFLM" control run --attribute kinds=cafe --classifier classifier
expect_stderr "did you mean 'kind'"
expect_error 2 "has no value 'caffe'" "$DIFFLM" control run --attribute kind=caffe --classifier classifier
expect_error 2 'holds a model of kind diffusion, expected one of kind classifier' "$DIFFLM" control run --attribute kind=cafe --classifier run
expect_error 2 'holds a model of kind classifier, which writes no texts' "$DIFFLM" sample classifier
expect_error 2 'holds a model of kind classifier, which writes no texts' "$DIFFLM" control classifier --keyword cafe
expect_error 2 "neither a .jsonl file nor a kind of task" "$DIFFLM" eval run --control attributes --no-judge
echo '{"keyword": "cafe"}' >wrong.jsonl
expect_error 2 "wrong.jsonl:1: there is no guide 'keyword'" "$DIFFLM" eval run --control wrong.jsonl --no-judge
