#!/usr/bin/env bash
# Folders that cannot be written and disks that are full: the message names the file, and what was saved before stays whole.
. "$(dirname "$0")/lib.sh"

: >file
expect_error 1 'file/run: cannot make this folder' train_tiny file/run
expect_error 1 '/proc/run: cannot make this folder' train_tiny /proc/run
expect_error 1 'file/x: cannot make this folder' "$DIFFLM" prepare builtin -o file/x
if [ "$(id -u)" -ne 0 ]; then  # root may write anywhere
  mkdir locked && chmod 555 locked
  expect_error 1 'locked/run: cannot make this folder' train_tiny locked/run
fi
mkdir -p taken/config.toml
expect_error '[12]' 'taken/config.toml: ' train_tiny taken

# Output that cannot be written.
expect_exit 0 train_tiny run
for verb in 'sample run -n 4 -q' 'describe run' 'list --all' 'eval run --no-judge -n 4 --set evaluation.resamples=5'; do
  ran="$verb >/dev/full"
  # shellcheck disable=SC2086
  "$DIFFLM" $verb >/dev/full 2>stderr
  code=$?
  : >stdout
  check "exit code 1 when standard output is full, came $code" test "$code" -eq 1
  expect_stderr 'No space left on device'
done

# A limit on the size of files stands for the full disk where no small file system may be mounted: the weights no longer fit.
weights=$(stat -c %s run/checkpoint/model.safetensors)
cp run/checkpoint/model.safetensors before
limit=$((weights / 2048))  # half of them, in KiB
expect_error 1 'run/(checkpoint|metrics|data|tokenizer|config).*(File too large|could not write)' \
  bash -c "ulimit -f $limit; exec \"\$0\" \"\$@\"" "$DIFFLM" train tiny.toml -o run train.steps=12
check 'the checkpoint before to be untouched' cmp before run/checkpoint/model.safetensors
expect_exit 0 "$DIFFLM" sample run -n 2 -q
expect_exit 0 train_tiny run train.steps=12
expect_stderr 'finished after 12 steps'

# A file system of 3 MB that other files fill during the run.
mkdir small
if mount -t tmpfs -o size=3m tmpfs small 2>/dev/null; then
  cleanup+=('umount -l "$FOLDER/small"')
  expect_exit 0 train_tiny small/run
  cp small/run/checkpoint/model.safetensors before
  head -c 10000000 /dev/zero >small/filler 2>/dev/null
  expect_error 1 'small/run.*' train_tiny small/run train.steps=12
  expect_stderr 'No space left on device|disk full'
  check 'the checkpoint before to be untouched' cmp before small/run/checkpoint/model.safetensors
  rm small/filler
  check 'nothing half-written' bash -c '[ -z "$(find small/run -name "*.tmp*" -o -name "*.old")" ]'
  expect_exit 0 "$DIFFLM" sample small/run -n 2 -q
  expect_exit 0 train_tiny small/run train.steps=12
  expect_exit 0 train_tiny small/large train.steps=1
  # From the start on a full disk: nothing is taken for a run afterwards.
  head -c 10000000 /dev/zero >small/filler 2>/dev/null
  expect_error 1 'small/fresh' train_tiny small/fresh
  rm small/filler
  expect_error 2 'small/fresh' "$DIFFLM" sample small/fresh
  expect_exit 0 train_tiny small/fresh
else
  echo 'no permission to mount a small file system: the full disk is tested by the size limit only'
fi
