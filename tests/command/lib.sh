#!/usr/bin/env bash
# What every command test needs: a fresh folder, a tiny configuration, and checks that say what was expected and what came.
#
#   . lib.sh                     goes into a fresh folder that is removed at the end; the binary is $DIFFLM
#   expect_exit CODE CMD...      runs it; its output is then in ./stdout and ./stderr
#   expect_stderr REGEX          about the command run last, as are
#   expect_stdout REGEX, expect_no_stdout
#   check WHAT CMD...            any other condition
#
# All checks run even after one has failed; the script's exit code is 1 then.

set -u
[ -x "${DIFFLM:-}" ] || { echo "set DIFFLM to the difflm binary" >&2; exit 1; }
DIFFLM=$(realpath "$DIFFLM")
TESTS=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
SOURCE=$(dirname "$(dirname "$TESTS")")
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/difflm_command.XXXXXX")
export PYTHONDONTWRITEBYTECODE=1  # the tests import from the source tree
cd "$FOLDER" || exit 1
# A judge trained by one test must not be found by the next.
export XDG_CACHE_HOME=$FOLDER/cache

failures=0
ran=''
cleanup=()  # commands for the end, last first

leave() {
  local code=$?
  local i
  for ((i = ${#cleanup[@]} - 1; i >= 0; --i)); do eval "${cleanup[i]}"; done
  cd / && rm -rf "$FOLDER"
  [ "$failures" -eq 0 ] || { echo "$failures checks failed" >&2; exit 1; }
  exit "$code"
}
trap leave EXIT

fail() {
  failures=$((failures + 1))
  echo "FAILED at line ${BASH_LINENO[*]:1:${#BASH_LINENO[@]}-2}: $1" >&2
  echo "  command: $ran" >&2
  if [ -f stdout ]; then echo "  stdout:" >&2; head -c 400 stdout | tr -d '\0' | sed 's/^/    /' >&2; fi
  if [ -f stderr ]; then echo "  stderr:" >&2; tail -c 1500 stderr | sed 's/^/    /' >&2; fi
}

expect_exit() {
  local expected=$1
  shift
  ran="$*"
  "$@" >stdout 2>stderr
  local came=$?
  [ "$came" -eq "$expected" ] || fail "expected exit code $expected, came $came"
}

expect_stderr() { grep -Eq -- "$1" stderr || fail "expected standard error to match '$1'"; }

expect_stdout() { grep -Eq -- "$1" stdout || fail "expected standard output to match '$1'"; }

expect_no_stdout() { [ ! -s stdout ] || fail "expected nothing on standard output"; }

# An error: its code, nothing on stdout, and one message on stderr that matches REGEX (more regexes may follow by expect_stderr).
expect_error() {
  local code=$1 regex=$2
  shift 2
  ran="$*"
  "$@" >stdout 2>stderr
  local came=$?
  [[ $came == $code ]] || fail "expected exit code $code, came $came"  # a code or a pattern like [12]
  [ ! -s stdout ] || fail "expected nothing on standard output"
  grep -Eq -- "$regex" stderr || fail "expected standard error to match '$regex'"
  [ "$(grep -c '^difflm: ' stderr)" -eq 1 ] || fail "expected one message that starts with 'difflm: '"
  ! grep -Eq 'json\.exception|c10|torch::|Exception raised|std::' stderr || fail "expected a message in words, not of an exception"
}

check() {
  local what=$1
  shift
  "$@" || { ran="$*"; fail "expected $what"; }
}

# Training in a second or two: `train_tiny RUN [key=value ...]`.
cat >tiny.toml <<'TOML'
data.builtin.sentences = 300
data.word.min_count = 1
model.learned.dimension = 16
model.transformer.width = 16
model.transformer.layers = 1
model.transformer.heads = 2
train.steps = 8
train.batch = 16
train.warmup = 2
train.schedule = "constant"
train.checkpoint_every = 4
train.validation_sequences = 16
train.sample_every = 0
train.log_every = 1
runtime.threads = 1
sampling.steps = 4
TOML

train_tiny() {
  local run=$1
  shift
  "$DIFFLM" train tiny.toml -o "$run" "$@"
}
