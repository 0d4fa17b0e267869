#!/usr/bin/env bash
# An installed difflm: found by CMake, included by one header, and enough for a program of a few lines. $BUILD is the build tree.
. "$(dirname "$0")/lib.sh"
: "${BUILD:?set BUILD to the build tree}"

expect_exit 0 train_tiny run
expect_exit 0 cmake --install "$BUILD" --prefix "$FOLDER/prefix"
check 'the command' test -x prefix/bin/difflm
check 'the public header' test -f prefix/include/difflm/difflm.h
check 'the presets' test -f prefix/share/difflm/configs/difflm.toml
check 'no Torch in the public header' bash -c '! grep -Eq "(torch|at|c10)::|include <(torch|ATen|c10)" prefix/include/difflm/*.h'

# The installed command needs neither the build tree nor the source tree.
expect_exit 0 env -u LD_LIBRARY_PATH prefix/bin/difflm --version
expect_exit 0 env -u LD_LIBRARY_PATH prefix/bin/difflm sample run -n 2 -q
cp stdout expected
expect_exit 0 "$DIFFLM" sample run -n 2 -q
check 'the same texts as from the build tree' cmp expected stdout

expect_exit 0 cmake -S "$SOURCE/examples" -B example -G Ninja -DCMAKE_PREFIX_PATH="$FOLDER/prefix" -DCMAKE_BUILD_TYPE=Release
expect_exit 0 cmake --build example
expect_exit 0 env -u LD_LIBRARY_PATH example/sample run 3
check '3 texts' test "$(wc -l <stdout)" -eq 3
expect_exit 0 env -u LD_LIBRARY_PATH example/tour toured  # the preset it names is the installed one
for line in 'presets: .*builtin' '60 texts of at most 10 words' '^chose data.tokenizer = ' 'a model of these in toured-texts/poems' 'wish keywords: .*as "cheap ... pub"' 'noise.schedule: .*sqrt' 'stopped after 10 steps' \
  'resuming from the checkpoint' 'finished after 40 steps' 'noise 1.00' '\(the word: yes\)' '^\| unigram_entropy' '^\| keywords \| 2' \
  "usage error in 'keywords': 'frobnicate' is not a word"; do expect_stdout "$line"; done
expect_exit 1 env -u LD_LIBRARY_PATH example/sample nothere 3
expect_stderr 'nothere: no such run folder'
