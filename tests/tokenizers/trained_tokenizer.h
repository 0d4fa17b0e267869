// What the tokenizers' tests share: texts to train on, texts to try, and training in one line.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "difflm/tokenizers/tokenizer.h"
#include "tokenizers/random_text.h"

namespace difflm::test {

using Texts = std::vector<std::string>;

inline Config with(const std::string& toml) {
  Config config;
  config.read_toml(toml, "test.toml");
  return config;
}

// A few hundred sentences, enough for SentencePiece's trainer.
inline const Texts& training_texts() {
  static const Texts texts = [] {
    const Texts kNames = {"The Eagle", "Alimentum", "Caf\u00E9 Sicilia", "Blue Spice", "The Punter"};
    const Texts kFoods = {"Italian", "Chinese", "fast", "English", "Indian"};
    const Texts kPlaces = {"in the city centre", "by the riverside", "near Burger King", "far away"};
    const Texts kEnds = {".", "!", ", and it's cheap.", " (less than \u00A320)."};
    Texts result;
    for (const auto& name : kNames) {
      for (const auto& food : kFoods) {
        for (const auto& place : kPlaces) result.push_back(name + " serves " + food + " food " + place + kEnds[result.size() % 4]);
      }
    }
    result.push_back("One line.\nAnother line.");
    return result;
  }();
  return texts;
}

inline std::unique_ptr<Tokenizer> trained(const std::string& kind, const std::string& toml = "",
                                          const Texts& texts = training_texts()) {
  return train_tokenizer(kind, with(toml), texts);
}

// Options with which no part of training_texts() is unknown.
inline std::string knowing_all(const std::string& kind) {
  return "[data." + kind + "]\n" + (kind == "word" ? "min_count = 1\n" : "");
}

inline bool knows_all(const std::vector<Token>& tokens) {
  return std::find(tokens.begin(), tokens.end(), kUnknown) == tokens.end();
}

inline Texts nasty_and_random(uint64_t seed, uint64_t count) {
  Texts texts = test::nasty_texts();
  for (uint64_t i = 0; i < count; ++i) {
    RandomStream stream(seed, "tokenizer", i);
    texts.push_back(test::random_text(stream));
  }
  return texts;
}

}  // namespace difflm::test
