// How something outside may guide a batch while it is sampled: the way of the room `steering` into the one sampling loop.
#pragma once

#include <string>
#include <vector>

#include "difflm/data/packing.h"
#include "difflm/nn/torch.h"
#include "difflm/sampling/sampler.h"

namespace difflm {

// One estimate while sampling, at noise level u.
struct SteeredEstimate {
  Tensor probabilities;  // [B,T,V]; given tokens have probability 1
  Tensor given;          // [B,T] float32, 1 where the token is given; undefined where none is
  Tensor x_t;            // [B,T,D] the latents it was made from
  double u = 1;
  const Tensor& table;    // [V,D]
  bool finished = false;  // a token of a finished text is drawn again: wishes guide it whatever their range of levels
};

// One step just taken, to level u.
struct SteeredStep {
  Tensor x;  // [B,T,D] the latents after it, clean where the token is given
  double u = 1;
  Transition transition;  // that led there
  Tensor x0;              // [B,T,D] the estimate it was made from
  Tensor given;           // as above
  const Tensor& table;
};

// What a model trained with labels is conditioned on, for every text.
struct Condition {
  std::vector<int64_t> labels;  // indices into LabelEmbedding::labels(); none: unconditional
  double guidance_scale = 1;    // classifier-free, see model/features.h
};

// [rows,L] float32 of `count` labels, 1 for each of the condition; undefined where none is.
Tensor to_tensor(const Condition& condition, int64_t rows, int64_t count, const torch::Device& device);

class Steering {
 public:
  virtual ~Steering() = default;

  virtual Condition condition() const { return {}; }

  // The length in tokens of sample `index`, whose length would be `drawn`.
  virtual int64_t choose_length(int64_t /*index*/, int64_t drawn) { return drawn; }

  // The tokens of sample `index` that are given from the start, negative where open (open_words.h); empty: all open.
  virtual Sequence pins(int64_t /*index*/, int64_t /*length*/) { return {}; }

  // What to add to the log-probabilities of the tokens, [B,T,V]; undefined: nothing. Called only if `guides_logits`.
  virtual bool guides_logits() const { return false; }
  virtual Tensor guide_logits(const SteeredEstimate&) { return {}; }

  // Of a model that writes token by token: how many of the most probable next tokens are weighed, 0 for none, and what to add to
  // the log-probabilities of tokens [B,K] after beginnings [B,T] int64, [B,K].
  virtual int64_t next_candidates() const { return 0; }
  virtual Tensor guide_next_token(const Tensor& /*inputs*/, const Tensor& /*words*/) { return {}; }

  // The latents from which sampling continues, [B,T,D]. Called only if `guides_latents`.
  virtual bool guides_latents() const { return false; }
  virtual Tensor guide_latents(const SteeredStep& step) { return step.x; }

  // Whether whole texts are weighed, and their log-weights: a text becomes exp(weight) times as probable.
  virtual bool weighs_texts() const { return false; }
  virtual std::vector<double> weigh(const std::vector<std::string>& texts) { return std::vector<double>(texts.size(), 0); }
};

}  // namespace difflm
