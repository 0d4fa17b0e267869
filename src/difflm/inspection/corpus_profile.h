// What there is to see of a corpus before a model is trained on it: how many texts, how long, in which scripts, how often the same,
// and what each tokenizer would make of them.
//
// Texts, bytes and duplicates are counted over all of the corpus. Words, scripts and tokenizers are measured on a sample of it,
// spread evenly, which says the same within a per cent and costs a few seconds whatever the size of the corpus. A tokenizer is
// trained on nine tenths of the sample and measured on the rest: only texts that it has not seen have unknown words.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "difflm/core/config.h"
#include "difflm/text/document.h"

namespace difflm {

// How long texts are, in words or tokens.
struct LengthProfile {
  int64_t shortest = 0;
  int64_t half = 0;  // half of the texts are no longer,
  int64_t most = 0;  // and these are the 95%
  int64_t longest = 0;
  double mean = 0;
};

LengthProfile profile_of(std::vector<int64_t> lengths);

// A tokenizer, tried.
struct TokenizerProfile {
  std::string name;
  int64_t vocabulary = 0;  // of the whole sample
  double tokens_per_word = 0;
  double unknown = 0;         // share of unknown tokens in texts it was not trained on, 0 to 1
  LengthProfile tokens = {};  // per text
};

struct CorpusProfile {
  int64_t texts = 0;
  int64_t bytes = 0;       // of the texts
  int64_t duplicates = 0;  // texts that occurred before
  int64_t words = 0;       // estimated from the sample where that is not all
  bool sampled = false;
  LengthProfile length;                                 // in words
  std::vector<std::pair<std::string, double>> scripts;  // by share of letters, 0 to 1, the largest first
  double unspaced = 0;                                  // share of letters in scripts without spaces between words
  std::vector<TokenizerProfile> tokenizers;

  const TokenizerProfile& tokenizer(const std::string& name) const;  // which must have been tried
};

// `config` holds options of tokenizers. Each of `tokenizers` is tried.
CorpusProfile profile_corpus(const std::vector<Document>& documents, const Config& config,
                             const std::vector<std::string>& tokenizers);

}  // namespace difflm
