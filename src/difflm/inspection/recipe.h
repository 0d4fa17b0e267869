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

// What a recipe depends on of the kind of model.
struct RecipeKind {
  std::string network;    // the section with the size of its network
  bool corrects = false;  // its finished texts
};

// The tokenizers that are tried on a corpus before one is chosen.
std::vector<std::string> tried_tokenizers();

// What `asked` leaves open. A choice that depends on another (the length on the tokenizer) follows what was asked for there.
Recipe choose_recipe(const CorpusProfile& profile, const Config& asked, const RecipeKind& kind);

// As TOML with comments, which Config::read_toml reads back; `title` is its first line.
std::string to_toml(const Recipe& recipe, const std::string& title);

// The value as TOML: "spaced" in quotes, 0.1.
std::string value_text(const ConfigValue::Data& value);

}  // namespace difflm
