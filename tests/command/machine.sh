#!/usr/bin/env bash
# Machines as they are: fewer processors than there seem to be, file systems without locks, places that cannot be written.
. "$(dirname "$0")/lib.sh"

sed -i '/^runtime.threads/d' tiny.toml
expect_exit 0 env -u OMP_NUM_THREADS "$DIFFLM" train tiny.toml train.steps=1 -o run
expect_stderr ' parameters, [0-9]+ threads? \('
if command -v taskset >/dev/null && [ "$(env -u OMP_NUM_THREADS nproc)" -gt 1 ]; then
  expect_exit 0 env -u OMP_NUM_THREADS taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')" "$DIFFLM" train tiny.toml train.steps=2 -o run
  expect_stderr ', 1 thread \(the processors that this process may run on\)'
  expect_exit 0 env OMP_NUM_THREADS=1 "$DIFFLM" train tiny.toml train.steps=3 -o run
  expect_stderr ', 1 thread \(OMP_NUM_THREADS\)'
fi
expect_exit 0 env OMP_NUM_THREADS=1 "$DIFFLM" train tiny.toml train.steps=4 runtime.threads=2 -o run
expect_stderr ', 2 threads \(runtime.threads\)'
expect_exit 0 "$DIFFLM" describe run
expect_stdout '^would compute with +2 threads \(runtime.threads\)'
expect_stdout '^validation = 0\.075$'
check 'numbers as people write them' bash -c '! grep -E "[0-9]\.[0-9]{15}" run/config.toml'

# A file system without locks, as NFS may be.
if command -v cc >/dev/null; then
  cat >no_locks.c <<'C'
#include <errno.h>
int flock(int descriptor, int operation) { (void)descriptor; (void)operation; errno = ENOLCK; return -1; }
C
  cc -shared -fPIC no_locks.c -o no_locks.so
  expect_exit 0 env LD_PRELOAD="$PWD/no_locks.so" "$DIFFLM" train tiny.toml runtime.threads=1 -o unlocked
  expect_stderr 'unlocked: this file system has no locks'
  expect_stderr 'finished after 8 steps'
  expect_exit 0 env LD_PRELOAD="$PWD/no_locks.so" "$DIFFLM" prepare builtin data.builtin.sentences=300 -o unlocked_corpus
  expect_stderr 'unlocked_corpus: this file system has no locks'
  printf 'question = "?"\nbase = ["tiny.toml"]\nseeds = [1]\nsamples = 12\nmetrics = ["unigram_entropy"]\n[axis.width]\nnarrow = []\nwide = ["model.transformer.width=32"]\n' >experiment.toml
  expect_exit 0 env LD_PRELOAD="$PWD/no_locks.so" "$DIFFLM" compare plan experiment.toml -o unlocked_runs
  expect_stderr 'unlocked_runs: this file system has no locks'
  expect_exit 0 env LD_PRELOAD="$PWD/no_locks.so" "$DIFFLM" annotate unlocked_corpus
  expect_stderr 'unlocked_corpus: this file system has no locks'
fi

# What cannot be written is said before the corpus is read: this one would be refused.
printf 'not\0text' >binary.txt
: >file
expect_error 1 'file/run: cannot make this folder' "$DIFFLM" train tiny.toml data.corpus=txt data.path=binary.txt -o file/run
mkdir -p taken/.lock
expect_error 1 'taken/.lock: cannot be written' "$DIFFLM" train tiny.toml data.corpus=txt data.path=binary.txt -o taken
expect_error 1 'taken/.lock: cannot be written' "$DIFFLM" prepare binary.txt -o taken

# A longer budget: the change of the learning rate is said.
expect_exit 0 train_tiny longer train.schedule=cosine train.warmup=0
expect_exit 0 train_tiny longer train.schedule=cosine train.warmup=0 train.steps=16
expect_stderr 'the budget is longer than before: the learning rate climbs from .* \(train.resume=rewarm\)'
expect_exit 0 train_tiny longer train.schedule=cosine train.warmup=0 train.steps=24 train.resume=restart
expect_stderr 'its schedule begins anew \(train.resume=restart\)'
expect_exit 0 train_tiny longer train.schedule=cosine train.warmup=0 train.steps=32 train.resume=schedule
expect_stderr 'the learning rate jumps from .* to '
