// A file of JSON lines that another process appends to while it is read here: metrics.jsonl and samples.jsonl of a run in training.
//
// A reader remembers how far it has come, in bytes. A training that is resumed puts a shorter file in the place of the old one;
// that is another file to the system, so it has another name here, and a reader that came with the old name begins anew.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "difflm/core/json_fwd.h"

namespace difflm {

struct LogPart {
  std::string log;          // the name of the file, empty where there is none
  int64_t from = 0;         // where this part begins,
  int64_t next = 0;         // and the next one
  bool more = false;        // there is more already
  std::vector<Json> lines;  // objects; what is none is left out
};

// The whole lines from byte `from` on, at most about `most_bytes`; from the beginning where the file is not the one called `log`
// (if that is not empty), or shorter than `from`.
LogPart read_log(const std::string& path, int64_t from, const std::string& log, int64_t most_bytes);

// The last whole lines, at most `most_bytes` of them.
std::vector<Json> last_lines(const std::string& path, int64_t most_bytes);

}  // namespace difflm
