// The model as sampling asks it: with what is committed given, and with what guides it.
//
// Three things may have a say in the tokens of an estimate beside the model: labels that it was trained to be told, the bigrams of
// the training text (fluency.h), and a steering (steering.h), which also may move the latents between steps. The temperature
// divides the scores, whoever had a say in them.
#pragma once

#include <optional>

#include "difflm/model/diffusion_model.h"
#include "difflm/sampling/bigram_energy.h"
#include "difflm/sampling/denoising_loop.h"
#include "difflm/sampling/draft.h"
#include "difflm/sampling/steering.h"

namespace difflm {

// What guides the model, and how strongly.
struct Guidance {
  double temperature = 1;
  double fluency = 0;                     // weight of the bigrams
  const BigramEnergy* bigrams = nullptr;  // null: none
  Steering* steering = nullptr;           // null: none
};

class GuidedDenoiser {
 public:
  // For one batch, whose texts are in `draft`; `table` [V,D] is the model's. All must outlive it.
  GuidedDenoiser(DiffusionModel& model, const Tensor& table, const Guidance& guidance, const Draft& draft);

  // One pass of the network over x_t [B,T,D] at level u, and what the others say of it.
  Denoised operator()(const Tensor& x_t, double u, const Tensor& previous_x0) const;

  // The tokens that an estimate reads as: by what had a say in them, or by the model's rounding.
  Rounding::Rounded round(const Denoised& denoised) const;

  // The logits [B,T,V] of the tokens of an estimate.
  Tensor logits(const Denoised& denoised) const;

  // What the steering does to the latents after a step; empty: nothing.
  StepHook after_step() const;

  // A pass of the network without latents: what it is told of the texts.
  DenoiseInput conditions() const { return {{}, {}, {}, {}, labels_, condition_.guidance_scale}; }

 private:
  bool guides_tokens() const;
  Denoised guided(const Estimate& estimate, const DenoiseInput& input, double u) const;

  DiffusionModel& model_;
  const Tensor& table_;
  Guidance guidance_;
  const Draft& draft_;
  Condition condition_;
  Tensor labels_;  // [B,L], undefined: the model is told nothing
};

}  // namespace difflm
