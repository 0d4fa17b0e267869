// Bigrams as a sampling energy: estimates move towards tokens that follow one another in the training text.
//
// A denoiser that guesses all tokens at once guesses each well, but neighbours may not fit ("a non in pub called"). So the
// estimate p_i(w) of position i is multiplied by the messages of its neighbours' estimates, to the power of `sampling.fluency`:
//
//   log p_i(w)  +=  weight (log sum_v p_(i-1)(v) R(v,w)  +  log sum_v p_(i+1)(v) R(w,v)),     R(v,w) = P(w | v) / P(w)
//
// This is one parallel step of belief propagation, and of exponentiated gradient descent, on the energy -sum_i log p_i' R p_(i+1).
// As R is a ratio to the unigram, a neighbour that is still noise has no effect, and no schedule over noise levels is needed. P(w |
// v) is Kneser-Ney's (1995): counts less a discount; the rest goes to tokens in proportion to how many others they follow.
#pragma once

#include <vector>

#include "difflm/data/packing.h"
#include "difflm/model/run_folder.h"
#include "difflm/nn/torch.h"

namespace difflm {

// How often token w follows token v in `sequences`, [V,V] float32. Texts of Frame::whole count as between
// START and END.
Tensor bigram_counts(const std::vector<PackedSequence>& sequences, Token vocabulary, Frame frame);

// R of counts [V,V]: [V,V] float32, above 0. A token never seen is neutral, 1.
Tensor bigram_ratios(const Tensor& counts);

class BigramEnergy {
 public:
  // `framed_by_ends`: the positions before the first and after the last are START and END.
  BigramEnergy(Tensor ratios, bool framed_by_ends) : ratios_(std::move(ratios)), framed_by_ends_(framed_by_ends) {}

  // The messages of the neighbours: probabilities [B,T,V] -> [B,T,V], to be added to the logits.
  Tensor messages(const Tensor& probabilities) const;

 private:
  Tensor ratios_;  // [V,V]
  bool framed_by_ends_;
};

// From the texts `run` was trained on. Throws a failure where they are gone, a usage error for a vocabulary too large for a table.
BigramEnergy bigram_energy_of(const Run& run, const torch::Device& device);

}  // namespace difflm
