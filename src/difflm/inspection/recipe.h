// A recipe for a corpus: the settings that nobody asked for, chosen by what the corpus is like (rules.h), each with its reason.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/config.h"
#include "difflm/inspection/corpus_profile.h"

namespace difflm {

struct RecipeSetting {
  std::string key;
  ConfigValue::Data value;
  std::string reason;
};

using Recipe = std::vector<RecipeSetting>;

// The tokenizers that are tried on a corpus before one is chosen.
std::vector<std::string> tried_tokenizers();

// What `asked` leaves open. A choice that depends on another (the length on the tokenizer) follows what was asked for there.
// `network`: the section with the size of the network.
Recipe choose_recipe(const CorpusProfile& profile, const Config& asked, const std::string& network);

// As TOML with comments, which Config::read_toml reads back; `title` is its first line.
std::string to_toml(const Recipe& recipe, const std::string& title);

// The value as TOML: "spaced" in quotes, 0.1.
std::string value_text(const ConfigValue::Data& value);

}  // namespace difflm
