// The configuration that the words of a command line describe: config files and key=value.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/config.h"

namespace difflm {

// The words of a command line, sorted by what they are.
struct SortedWords {
  std::vector<std::string> files;     // paths ending in .toml, or names of shipped presets
  std::vector<std::string> settings;  // key=value
  std::vector<std::string> others;
};
SortedWords sort_words(const std::vector<std::string>& overrides);

// Throws a usage error where there are others.
void check_no_others(const SortedWords& overrides);

// All files in their order, then all settings over them.
Config read_overrides(const SortedWords& overrides);

}  // namespace difflm
