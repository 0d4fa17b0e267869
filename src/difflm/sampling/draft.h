// The partially denoised texts of a batch: which of their tokens are committed, and the model's confidence in each.
//
// A committed token is final: from then on the network is given its clean embedding, flagged as in training with clean context,
// and no later estimate changes it. Some are committed from the start, since a wish has pinned them, others as soon as the model is
// confident enough. A committed token tells the open ones more than a latent that still carries noise.
//
// A text longer than the model is written in blocks: each but the first is given the second half of the one before, and writes on
// from there.
#pragma once

#include <vector>

#include "difflm/model/rounding.h"
#include "difflm/model/run_folder.h"
#include "difflm/sampling/generate.h"

namespace difflm {

class Draft {
 public:
  // Of the samples `indices` of `run`, `length` tokens each, all of them open; `table` [V,D] embeds them.
  Draft(const Run& run, std::vector<int64_t> indices, int64_t length, const Tensor& table);

  const std::vector<int64_t>& samples() const { return indices_; }
  int64_t rows() const { return static_cast<int64_t>(indices_.size()); }
  int64_t block() const { return block_; }  // tokens that are written at a time, T
  size_t blocks() const;                    // until the texts are written

  // Commits the tokens of text `row` that `tokens` has, negative where open (open_words.h): those of later blocks once these begin.
  void pin(int64_t row, const Sequence& tokens);

  // What open words add to the logits, [B,T,V]; undefined where there are none.
  const Tensor& penalty() const { return penalty_; }

  // Commits those of `rounded` [B,T] that are open and `chosen`, [B,T] bool.
  void commit(const Rounding::Rounded& rounded, const Tensor& chosen);

  // Opens those of the committed tokens that are `chosen`, [B,T] bool.
  void open(const Tensor& chosen);

  // Where tokens are committed, [B,T] bool; which they are, [B,T] int64, -1 where open.
  Tensor committed() const { return committed_.tokens >= 0; }
  const Tensor& tokens() const { return committed_.tokens; }

  // [B,T] int64 -> [B,T,D]
  Tensor embed(const Tensor& tokens) const { return torch::embedding(table_, tokens); }

  // Latents [B,T,D] with the clean embeddings of committed tokens in their places.
  Tensor with_committed(const Tensor& latents) const;

  // Probabilities [B,T,V] with certainty where a token is committed.
  Tensor with_certainty(const Tensor& probabilities) const;

  // The tokens of the present block: the committed ones, and those of `rounded` [B,T] where they are open.
  Rounding::Rounded over(const Rounding::Rounded& rounded) const;

  // Begins the next block, after `finished` [B,T].
  void go_on(const Rounding::Rounded& finished);

  // Whether each of the texts has an END, if the present block is `finished` [B,T].
  bool all_end(const Rounding::Rounded& finished) const;

  // The texts so far, if the present block is `block` [B,T]; with `finished`, none of its tokens will change.
  std::vector<SampledText> read(const Rounding::Rounded& block, bool finished = false) const;

 private:
  // Commits what is pinned in the present block, which begins after `written` tokens, in `count` texts from row `first` on.
  void commit_pins(int64_t first, int64_t count, int64_t written);

  const Run& run_;
  std::vector<int64_t> indices_;
  int64_t length_;
  int64_t block_;
  Tensor table_;                 // [V,D]
  Rounding::Rounded committed_;  // [B,T], tokens -1 where open
  Tensor given_;                 // [B,T] bool, where a token of the present block is pinned
  Tensor pins_;                  // [B,length] int64, negative where open; undefined: none
  Tensor penalty_;               // [B,T,V]
  Rounding::Rounded before_;     // [B,n] what was written before the present block; undefined in the first one
};

}  // namespace difflm
