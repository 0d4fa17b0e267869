// The configuration that the words of a command line describe: config files and key=value.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/config.h"

namespace difflm {

// Reads all words that are config files (a path ending in .toml, or the name of a shipped preset) in their order, then all
// key=value words over them. Words that are neither go to `others`, or are a usage error where that is null.
Config read_words(const std::vector<std::string>& words, std::vector<std::string>* others = nullptr);

// True where any of the words is a config file.
bool names_a_file(const std::vector<std::string>& words);

}  // namespace difflm
