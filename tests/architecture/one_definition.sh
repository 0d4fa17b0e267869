#!/bin/sh
# A class name is defined once: two classes of one name in namespace difflm break the one-definition rule, and the linker takes either
# one's destructor for both without a word. Anonymous namespaces do not count, nor do kernels, which have a namespace per level.
#   one_definition.sh [REPOSITORY]   prints names that are defined in several files, exit 1 where there are any
#   one_definition.sh --self-test    plants such names in a small tree and checks that each is caught
set -eu

twice() {
  find "$1/src/difflm" -name '*.h' -o -name '*.cpp' | grep -vE '/kernels/(tiled|vector)/' | sort | xargs awk '
    FNR == 1 { hidden = 0 }
    /^namespace \{/ { hidden = 1 }
    /^\}  \/\/ namespace$/ { hidden = 0 }
    !hidden && match($0, /^(class|struct) [A-Za-z0-9_]+( final)?( :| \{)/) {
      split(substr($0, RSTART, RLENGTH), words, " ")
      files[words[2]] = files[words[2]] " " FILENAME
      count[words[2]]++
    }
    END { for (name in count) if (count[name] > 1) print name ":" files[name] }' | sort
}

check() {
  found=$(twice "$1")
  [ -z "$found" ] && return 0
  printf '%s\n' "$found"
  return 1
}

if [ "${1:-}" = --self-test ]; then
  tree=$(mktemp -d)
  trap 'rm -rf "$tree"' EXIT
  mkdir -p "$tree/src/difflm/model" "$tree/src/difflm/text"
  printf 'namespace difflm {\nclass Word {\n};\n}  // namespace difflm\n' >"$tree/src/difflm/text/word.h"
  printf 'namespace difflm {\nclass Word;\nnamespace {\nstruct Word {\n};\n}  // namespace\n}  // namespace difflm\n' >"$tree/src/difflm/model/a.cpp"
  check "$tree" || { echo 'self-test: a declaration or an anonymous namespace was refused'; exit 1; }
  printf 'namespace difflm {\nstruct Word {\n};\n}  // namespace difflm\n' >"$tree/src/difflm/model/word.h"
  if check "$tree" >/dev/null; then echo 'self-test: a name defined twice was not caught'; exit 1; fi
  exit 0
fi
check "${1:-$(cd "$(dirname "$0")/../.." && pwd)}"
