// How the tokens are spread in the embedding space.
//
// Tokens whose embeddings are close together cannot be told apart after a little noise, whatever the rounding; a space in which all
// rows point the same way wastes its dimensions. So: how far the nearest and the second nearest other token are, in norms of a row;
// how alike tokens are on average (mean cosine, 0 is isotropic); how many dimensions are in use (participation ratio of the
// covariance's eigenvalues: (sum l)^2 / sum l^2, at most D); the share of merged tokens. And a map: the first two principal
// components of the frequent tokens.
#pragma once

#include <string>
#include <vector>

#include "difflm/data/token_store.h"
#include "difflm/nn/torch.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

struct EmbeddingMap {
  int64_t words = 0;
  int64_t dimension = 0;
  double nearest = 0;         // median distance to the nearest other row / root mean square norm of the rows
  double second_nearest = 0;  // and to the second nearest
  double mean_cosine = 0;     // of two different rows
  double dimensions_used = 0;
  double merged = 0;  // share of rows with another within a tenth of that norm

  struct Word {
    std::string text;
    double x = 0;
    double y = 0;
    std::vector<std::string> neighbours;  // nearest first
  };
  std::vector<Word> frequent;  // most frequent first
  double variance_shown = 0;   // share of the variance of those tokens that the two components have
};

// `table` [V,D]; special tokens and tokens that never occur in `training` are left out. `shown`: how many tokens the map holds.
EmbeddingMap embedding_map(const Tensor& table, const Tokenizer& tokenizer, const TokenDocuments& training, int64_t shown = 120);

}  // namespace difflm
