// The words that a language is known to have: those of real texts, and of a list.
//
// Case does not count, since a word may begin a sentence; and only words with a letter do: numbers and punctuation are never
// invented.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>

#include "difflm/evaluation/text_set.h"

namespace difflm {

class KnownWords {
 public:
  // The words of the file `list`, unless that is empty: a word per line, what follows a slash, tab or comma left out (so that a
  // dictionary of hunspell will do). Throws a usage error where it cannot be read or holds no word.
  explicit KnownWords(const std::string& list = "");

  void add(const TextSet& texts);

  bool contains(const std::string& word) const;

  // Whether there is a letter in `word`, so that it could have been invented.
  static bool is_judged(const std::string& word);

 private:
  std::unordered_set<uint64_t> hashes_;  // of words in folded case
};

}  // namespace difflm
