// A user's program as a filter: the standard output of `sh -c COMMAND` for a given standard input. Its standard error is that of this
// process.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace difflm {

struct FilterLimits {
  double seconds = 60;
  size_t bytes = size_t{1} << 24;  // of output
};

// Throws a usage error for `where` if the command cannot be run, fails, or exceeds a limit. However it ends, what is left of its
// process group is killed.
std::string filtered(const std::string& command, std::string_view input, const FilterLimits& limits, std::string_view where);

}  // namespace difflm
