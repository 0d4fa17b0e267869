// What happened while a corpus was read: what was chosen, mended, left out, or could not be read. Nothing of this is silent: the
// notes go into the report, and broken records are one error that counts them all, unless they may be skipped.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "difflm/core/error.h"

namespace difflm {

class ReadingLog {
 public:
  // `skip_broken`: data.broken = "skip".
  explicit ReadingLog(bool skip_broken = false) : skip_broken_(skip_broken) {}

  // A sentence for the user; once, however often it is noted.
  void note(const std::string& sentence);

  // Adds `count` to the note "`what`: total".
  void count(const std::string& what, size_t count = 1);

  // A record (a line, a row, an element of a list) was read, or would have been.
  void record() { ++records_; }

  // A record that cannot be read: `error` says where and why.
  void broken(const Error& error);

  // The end of the corpus. Throws a usage error where records are broken: the first of them, how many there are, and how to skip
  // them; where they are skipped, only if more than a fifth of all is broken, since then the file is not what it was taken for.
  void finish();

  std::vector<std::string> notes() const;

 private:
  bool skip_broken_;
  size_t records_ = 0;
  size_t broken_count_ = 0;
  std::vector<Error> broken_;  // the first few
  std::vector<std::string> sentences_;
  std::vector<std::pair<std::string, size_t>> counts_;
};

}  // namespace difflm
