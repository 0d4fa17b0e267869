#!/bin/sh
# The library has no command line: no text in a room below cli names a flag ("--infill", "-o") or a verb ("difflm train"). A message
# names the wish, option or field, and cli says it in the words of the command line (cli/wording.h).
#   words.sh [REPOSITORY]   prints the offenders, exit 1 where there are any
#   words.sh --self-test    plants offenders in a small tree and checks that each is caught
set -eu

inside='([^"\\]|\\.)*'
text="^([^\"]*\"$inside\")*[^\"]*\""  # up to an opening quote
flag="$text($inside[ (\`,:])?(--[a-z][a-z-]*|-[a-z])([^[:alnum:]-]|\$)"
verb="$text${inside}difflm (demo|prepare|annotate|train|sample|control|eval|compare|report|list|describe)([^[:alnum:]]|\$)"

# Prints "file:line: ..." for every text that names one, comments aside. The commands of others stay, and the name of a file format.
offenders() {
  grep -rnE "$flag|$verb" "$1/src/difflm" "$1/include" --include='*.h' --include='*.cpp' |
    grep -vE '/src/difflm/cli/|^[^:]*:[0-9]*: *//|iconv -f|tensorboard --logdir|// of the shell$|"difflm control evaluation 1"' || true
}

check() {
  found=$(offenders "$1")
  [ -z "$found" ] && return 0
  printf '%s\n' "$found"
  return 1
}

self_test() {
  tree=$(mktemp -d)
  trap 'rm -rf "$tree"' EXIT
  mkdir -p "$tree/src/difflm/model" "$tree/src/difflm/cli" "$tree/include"
  allow() {  # file, line
    echo "$2" > "$tree/src/difflm/$1"
    check "$tree" || { echo "self-test: '$2' in $1 was refused"; exit 1; }
    rm "$tree/src/difflm/$1"
  }
  refuse() {
    echo "$2" > "$tree/src/difflm/$1"
    if check "$tree" > /dev/null; then echo "self-test: '$2' in $1 was not caught"; exit 1; fi
    rm "$tree/src/difflm/$1"
  }
  allow cli/sample.cpp 'verb.add_option("--infill", x, "difflm train -o");'
  allow model/a.h '// as `difflm train -o x` does, "--so" to speak'
  allow model/a.h 'throw usage_error("infill", "well-known words, 3 - 2, a-b, runs/x-y");'
  allow model/a.h 'int b = f("x", -a);'
  refuse model/a.h 'throw usage_error("--infill", "is empty");'
  refuse model/a.h 'throw usage_error("count", "is 0", "or give -n");'
  refuse model/a.cpp '    "needs one (--classifier)"'
  refuse model/a.cpp 'say("now `difflm train` it");'
}

repository=$(cd "$(dirname "$0")/../.." && pwd)
if [ "${1:-}" = "--self-test" ]; then
  self_test
else
  check "${1:-$repository}"
fi
