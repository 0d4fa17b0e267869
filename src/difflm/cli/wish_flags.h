// The wishes as flags of the command line.
#pragma once

#include <string>
#include <vector>

namespace difflm {

struct WishFlag {
  std::string flag;   // "--keyword"
  std::string guide;  // "keywords"
  std::string help;
};

// In the order in which help lists them.
const std::vector<WishFlag>& wish_flags();

}  // namespace difflm
