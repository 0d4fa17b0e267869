// How a training is fitted to a corpus: small functions, each of which chooses one value and says by which number. The thresholds
// are in rules.cpp, each with its name; docs/own_text.md says what they rest on.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "difflm/inspection/corpus_profile.h"

namespace difflm {

inline constexpr double kHeldByLength = 0.95;  // share of the texts that the longest sequence is to hold

template <class Value>
struct Ruled {
  Value value;
  std::string reason;
};

// The keys of the tokenizers' vocabulary sizes, and the size for a corpus of so many words.
std::vector<std::pair<std::string, int64_t>> vocabulary_sizes(int64_t words);
Ruled<int64_t> choose_vocabulary(int64_t words);

Ruled<std::string> choose_tokenizer(const CorpusProfile& profile);
Ruled<std::string> choose_packing(const CorpusProfile& profile);
Ruled<int64_t> choose_length(const CorpusProfile& profile, const LengthProfile& tokens, const std::string& packing);
Ruled<std::string> choose_long(const LengthProfile& tokens);  // for texts that are longer
Ruled<double> choose_validation(const CorpusProfile& profile);

struct NetworkSize {
  int64_t width;
  int64_t layers;
};
Ruled<NetworkSize> choose_network(int64_t words, double minutes);

// About how many tokens a training reads in its budget: minutes of two cores, steps, or what ends first; 0: no such limit.
double tokens_read(double minutes, double steps);
// `epochs`: how often the training reads the corpus.
Ruled<double> choose_dropout(double epochs);

// `tokens`: the mean of a sequence. `sequences`: how many there are.
Ruled<int64_t> choose_batch(double tokens, double sequences);

// Whether rare words are those of the texts, or made up.
Ruled<std::string> choose_spelling(const CorpusProfile& profile);

inline constexpr double kStandardMinutes = 10;

}  // namespace difflm
