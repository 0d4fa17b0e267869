// A program of the user's as a function of text: what `sh -c COMMAND` writes to its standard output when it has read a text from
// its standard input. Its standard error is that of this process.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace difflm {

struct FilterLimits {
  double seconds = 60;
  size_t bytes = size_t{1} << 24;  // of output
};

// Throws a usage error for `where` where the command cannot be run, fails, or goes beyond a limit; it is then ended, with all that
// it has started in its process group.
std::string filtered(const std::string& command, std::string_view input, const FilterLimits& limits, std::string_view where);

}  // namespace difflm
