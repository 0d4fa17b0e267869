// How many bytes of text held-out batches stand for, so that likelihoods of models with different tokens can be compared: bits per
// byte are the one unit that does not depend on the tokenizer.
//
// A likelihood of tokens is one of the text only where the tokens say the text exactly. A tokenizer that has unknown words, or
// that loses spacing or case, predicts less than the text, and its bits per byte would be too low: then there are none.
#pragma once

#include <string>
#include <vector>

#include "difflm/data/batches.h"
#include "difflm/data/prepared.h"
#include "difflm/model/run_folder.h"

namespace difflm {

struct TextBytes {
  double original = 0;      // of the texts as they are in the corpus
  double decoded = 0;       // of what the tokens decode to
  std::string differ = {};  // why these are not the same, so that `original` is unknown; empty where they are
};

// `batches` are of the held-out side. For windows into a stream `original` is their share of all held-out text, by tokens.
TextBytes text_bytes(const Run& run, const PreparedData& data, const std::vector<Batch>& batches);

}  // namespace difflm
