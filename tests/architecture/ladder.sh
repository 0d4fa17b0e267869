#!/bin/sh
# The ladder: every #include of a room of difflm must be allowed by the table in docs/ladder.md. The table is read from there, so
# that the text and the code cannot drift apart.
#   ladder.sh [REPOSITORY]   prints the offenders, exit 1 where there are any
#   ladder.sh --self-test    plants offenders in small trees and checks that each is caught
set -eu

# "room: allowed allowed ..." a line, from the rows "| `room` | holds | `allowed`, `allowed` |".
read_table() {
  sed -n '/<!-- ladder begins -->/,/<!-- ladder ends -->/p' "$1" | awk -F'|' '/^\| `/ { gsub(/[`, ]+/, " ", $2); gsub(/[`, ]+/, " ", $(NF - 1))
    gsub(/ /, "", $2); print $2 ":" $(NF - 1) " " }'
}

# Prints "file:line: ..." for every offence below $1/src/difflm.
offenders() {
  table=$(read_table "$1/docs/ladder.md")
  if [ -z "$table" ]; then
    echo "docs/ladder.md: no table of rooms between the marks '<!-- ladder begins -->' and '<!-- ladder ends -->'"
    return
  fi
  for folder in "$1"/src/difflm/*/; do
    room=$(basename "$folder")
    allowed=$(printf '%s\n' "$table" | sed -n "s/^$room://p")
    if ! printf '%s\n' "$table" | grep -q "^$room:"; then
      echo "src/difflm/$room: the room is not in the table of docs/ladder.md"
      continue
    fi
    grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]difflm/([a-z_]+/|difflm\.h)' "$folder" --include='*.h' --include='*.cpp' |
      awk -v root="$1/" -v room="$room" -v allowed=" $room $allowed " '{
        included = $0; sub(/.*["<]difflm\//, "", included); sub(/[\/">].*/, "", included)
        if (index(allowed, " " included " ") == 0) {
          place = $0; sub(/:[[:space:]]*#.*/, "", place); if (index(place, root) == 1) place = substr(place, length(root) + 1)
          print place ": " room " includes " included ", which docs/ladder.md does not allow"
        }
      }'
    case $room in
      core | text | tokenizers | grammar | syntax | corpora | inspection | kernels | comparison)  # these build without Torch
        grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"](torch|ATen|c10)/' "$folder" --include='*.h' --include='*.cpp' |
          sed 's/$/  (a room without Torch)/' || true
        ;;
    esac
  done
}

check() {
  found=$(offenders "$1")
  [ -z "$found" ] && return 0
  printf '%s\n' "$found"
  return 1
}

self_test() {
  here=$1
  tree=$(mktemp -d)
  trap 'rm -rf "$tree"' EXIT
  mkdir -p "$tree/docs" "$tree/src/difflm/core" "$tree/src/difflm/diffusion/schedule" "$tree/src/difflm/cli"
  cp "$here/docs/ladder.md" "$tree/docs/"
  echo '#include "difflm/core/error.h"' > "$tree/src/difflm/diffusion/schedule/good.h"
  echo '#include "difflm/model/rounding.h"' > "$tree/src/difflm/cli/good.cpp"
  check "$tree" || { echo "self-test: an allowed include was refused"; exit 1; }

  refuse() {  # file, line: must be reported
    echo "$2" > "$tree/src/difflm/$1"
    if report=$(check "$tree"); then echo "self-test: $1 with '$2' was not caught"; exit 1; fi
    case $report in *"$1"*) ;; *) echo "self-test: the report does not name $1: $report"; exit 1 ;; esac
    rm "$tree/src/difflm/$1"
  }
  refuse core/up.h '#include "difflm/text/words.h"'
  refuse diffusion/schedule/words.h '#include "difflm/text/tokenizer.h"'
  refuse diffusion/up.cpp '  #  include <difflm/model/rounding.h>'
  refuse diffusion/facade.h '#include "difflm/difflm.h"'
  refuse core/torch.h '#include <torch/torch.h>'
  mkdir "$tree/src/difflm/unknown"
  if check "$tree" > /dev/null; then echo "self-test: a room that is not in the table was not caught"; exit 1; fi
}

repository=$(cd "$(dirname "$0")/../.." && pwd)
if [ "${1:-}" = "--self-test" ]; then
  self_test "$repository"
else
  check "${1:-$repository}"
fi
