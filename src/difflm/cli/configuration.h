// The words of a command line, sorted by what they are: texts, config files and presets, key=value; and the configuration that they
// describe.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/config.h"

namespace difflm {

// Whether a word is key=value. Keys have no slash, and what exists as a file is one whatever its name: runs/lr=0.1/config.toml.
bool is_setting(const std::string& word);

struct SortedWords {
  std::vector<std::string> files;     // paths ending in .toml, or names of shipped presets
  std::vector<std::string> settings;  // key=value
  std::vector<std::string> others;    // paths and globs of texts, or what nobody can read
};
SortedWords sort_words(const std::vector<std::string>& overrides);

// Where there is no config file, texts may also be named as data.path=FILE: moved to the others.
SortedWords with_texts_by_key(SortedWords sorted);

// Throws a usage error where there are others.
void check_no_others(const SortedWords& overrides);

// Throws a usage error for a path of texts that is not there: it may be a misspelt preset, file or key.
void check_texts(const std::vector<std::string>& paths);

// All files in their order, then all settings over them.
Config read_overrides(const SortedWords& overrides);

}  // namespace difflm
