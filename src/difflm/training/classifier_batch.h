// What a classifier is trained on: a batch of texts as it will see them while it steers, at any noise level of a frozen model.
#pragma once

#include <vector>

#include "difflm/data/batches.h"
#include "difflm/model/frozen_base.h"
#include "difflm/nn/torch.h"

namespace difflm {

struct ReadBatch {
  Tensor read;  // [B,T,D] the base's estimates or the noisy latents
  Tensor u;     // [B] float64
};

// `tokens` [B,T] at levels u; in half of the sequences a random part of the tokens is given clean, as some are committed or
// pinned while sampling. Without gradient; all randomness is a function of `seed`.
ReadBatch read_through_base(const FrozenBase& base, const Tensor& tokens, const std::vector<double>& u, uint64_t seed);

// Levels for training, one in each of B equal parts of (0,1] for a batch of B sequences, by its parts; and for validation, the same
// for row `first` and those after it at every call.
std::vector<std::vector<double>> training_levels(const FrozenBase& base, const BatchParts& batch, uint64_t seed);
std::vector<double> validation_levels(const FrozenBase& base, int64_t rows, int64_t first);

}  // namespace difflm
