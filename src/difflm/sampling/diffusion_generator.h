// Texts by denoising: noise -> latents -> tokens, block by block (draft.h); where noise replaces words, by drawing these
// (word_denoising.h).
//
// With `sampling.settle` a token is committed as soon as its probability exceeds this value: fewer steps are needed
// (experiments/settle). With `sampling.corrections` tokens of the finished text that the others find improbable are drawn again
// (corrector.h).
#pragma once

#include <optional>

#include "difflm/model/diffusion_model.h"
#include "difflm/sampling/acceptance.h"
#include "difflm/sampling/bigram_energy.h"
#include "difflm/sampling/corrector.h"
#include "difflm/sampling/guided_denoiser.h"
#include "difflm/sampling/mixed_decoder.h"
#include "difflm/sampling/order.h"
#include "difflm/sampling/ruled_out.h"
#include "difflm/sampling/sample_watch.h"
#include "difflm/sampling/spelled_characters.h"
#include "difflm/sampling/spelled_words.h"
#include "difflm/sampling/text_generator.h"

namespace difflm {

class DiffusionGenerator : public TextGenerator {
 public:
  using Options = NoOptions;  // those of section sampling
  DiffusionGenerator(const Options&, const GeneratorSource& source)
      : DiffusionGenerator(source.run, source.model<DiffusionModel>(), source.options, source.request, source.steering) {}

  // Throws a usage error for options that do not fit the model or the steering, which is null for none.
  DiffusionGenerator(Run& run, DiffusionModel& model, const SamplingOptions& options, const SampleRequest& request,
                     Steering* steering = nullptr);

  GeneratedBatch generate(const std::vector<int64_t>& indices, int64_t length, const SampleEvents& events) override;
  bool ends_texts_itself() const override { return false; }
  bool writes_on() const override { return model_.given_flag(); }

 private:
  // The marks of a framed sequence whose text has the length asked for, -1 elsewhere; empty where the model ends its texts itself.
  Sequence frame_of_text(int64_t length) const;

  // The sequence of `length` tokens that holds `text`: the tokens of a text with its marks around it.
  Sequence framed(const Sequence& text, int64_t length) const;

  // What of the start stays as it is in text `index`, negative where it does not.
  Sequence kept_of_start(int64_t index) const;

  // The latents from which sampling begins, and the levels of its steps.
  std::pair<Tensor, std::vector<double>> beginning(const Draft& draft, const Tensor& noise) const;

  // The draft of the samples `indices`, with what the steering pins. Throws a usage error where a text of `length` tokens cannot be
  // written block by block.
  Draft begin(const std::vector<int64_t>& indices, int64_t length) const;

  // The model with all that guides it; tokens that are confident enough are committed to `draft`.
  DenoiseFunction denoiser(const GuidedDenoiser& guided, Draft& draft);

  // The tokens of an estimate.
  Rounding::Rounded round(const GuidedDenoiser& guided, const Denoised& denoised) const;

  // The same of a finished block: if requested, mixed with an autoregressive model, drawn row by row from `random`.
  Rounding::Rounded finished(const GuidedDenoiser& guided, const Denoised& denoised, const Draft& draft,
                             std::vector<RandomStream>& random) const;

  struct Streams;

  // A block of text, before corrections: through latents, or through words.
  Rounding::Rounded denoised(const GuidedDenoiser& guided, Draft& draft, const NoiseSource& noise, Streams& streams,
                             SampleWatch& watch);
  Rounding::Rounded drawn(const GuidedDenoiser& guided, Draft& draft, const NoiseSource& noise, Streams& streams,
                          SampleWatch& watch) const;

  // Throws a usage error for settings that do not fit the noise.
  void check_noise() const;

  // A rounding without parameters, by its name.
  std::unique_ptr<Rounding> other_rounding(const std::string& name) const;

  Run& run_;
  DiffusionModel& model_;
  SamplingOptions options_;
  SampleRequest request_;
  Steering* steering_;                    // null: none
  std::unique_ptr<Rounding> rounding_;    // empty: the model's own
  std::unique_ptr<RevealOrder> order_;    // where noise replaces words; else null
  std::optional<MixedDecoder> mixed_;     // empty: not requested
  bool commits_ = false;                  // confident tokens, while it denoises
  std::optional<Corrector> corrector_;    // empty: the tokens are not the model's own
  std::optional<SpelledWords> spelling_;  // empty: free
  Acceptance acceptance_;
  SpelledCharacters characters_;
  std::optional<BigramEnergy> fluency_;  // empty: not requested
  Tensor table_;                         // [V,D]
  RuledOut ruled_out_;
};

}  // namespace difflm
