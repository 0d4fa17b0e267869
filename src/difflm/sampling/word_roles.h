// Which tokens spell words, for what is written with words of the training texts only (sampling.spelling=known).
#pragma once

#include <cstdint>
#include <vector>

#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

// What a token can be to a word: it begins one (with the space before it), goes on with one, or is no part of one. Words have
// letters only, of scripts with spaces.
enum class WordRole : uint8_t { none, start, rest };

// Of each token of the vocabulary.
std::vector<WordRole> word_roles(const Tokenizer& tokenizer);

// Whether the tokens of a known word are those of a word: one that begins it, and others that go on.
bool spells_word(const KnownWord& word, const std::vector<WordRole>& roles);

// The words of the training texts. Throws a usage error where the tokenizer has kept none.
std::vector<KnownWord> words_of_texts(const Tokenizer& tokenizer);

}  // namespace difflm
