// Texts by denoising: noise -> latents -> words.
//
// A text longer than the model (a model of a stream only) is written in blocks: each but the first is given the second half of the
// one before, clean and flagged as in training with clean context, and writes on from there.
//
// With `sampling.settle` a word is settled, clean and flagged likewise, as soon as the model is that sure of it. What is settled
// speaks louder to the others than a latent that still carries noise: fewer steps are needed (experiments/settle). With
// `sampling.corrections` words of the finished text that the others find improbable are drawn anew (corrector.h).
#pragma once

#include <optional>

#include "difflm/model/diffusion_model.h"
#include "difflm/sampling/corrector.h"
#include "difflm/sampling/fluency.h"
#include "difflm/sampling/mixed_decoder.h"
#include "difflm/sampling/steering.h"
#include "difflm/sampling/text_generator.h"

namespace difflm {

class DiffusionGenerator : public TextGenerator {
 public:
  using Options = NoOptions;  // those of section sampling
  DiffusionGenerator(const Options&, const GeneratorSource& source)
      : DiffusionGenerator(source.run, source.model<DiffusionModel>(), source.options, source.request, source.steering) {}

  DiffusionGenerator(Run& run, DiffusionModel& model, const SamplingOptions& options, const SampleRequest& request,
                     Steering* steering = nullptr);

  std::vector<SampledText> generate(const std::vector<int64_t>& indices, int64_t length, const SampleEvents& events,
                                    bool& stopped) override;
  bool writes_its_length() const override { return false; }

 private:
  // Throws a usage error where a text of `length` tokens, more than the model's, cannot be written block by block.
  void check_can_go_on(int64_t length) const;

  // True where something outside the model changes the words of its estimates.
  bool pulls_words() const { return fluency_ || (steering_ != nullptr && steering_->pulls_words()); }

  // The estimate of x_0 [B,T,D] where neighbours and the steering have had their say; leaves the words' scores in `scores_`.
  Tensor pulled_estimate(const Estimate& estimate, const DenoiseInput& input, double u);

  // What stands before the first step: the pins of the steering, [B,T], undefined where nothing can ever stand.
  Rounding::Best pinned(const std::vector<int64_t>& indices, int64_t length) const;

  // The words of points [B,T,D] as the model sees them.
  Rounding::Best model_words(const Tensor& points);

  // Text longer than the model goes on block by block: makes the last half of the finished `block` the given start of a new one of
  // which `fresh` tokens are open.
  void move_on(const Rounding::Best& block, int64_t fresh);

  // Settles every word of points [B,T,D] that the model is sure enough of.
  void settle_certain(const Tensor& points);

  // What is settled in place of what `best` says.
  Rounding::Best settled(const Rounding::Best& best) const;

  // The words of points [B,T,D], by `rounding` or, where it is null, by the model's own.
  Rounding::Best words_of(const Tensor& points, Rounding* rounding);

  // The same, of a finished block: where it is asked for, mixed.
  Rounding::Best finished_words(const Tensor& points, std::vector<RandomStream>& random);

  // Texts of `block` and of what stands before it.
  std::vector<SampledText> read_texts(const Rounding::Best& block, const std::vector<int64_t>& indices);
  std::unique_ptr<Rounding> other_rounding(const std::string& name) const;

  Run& run_;
  DiffusionModel& model_;
  SamplingOptions options_;
  SampleRequest request_;
  Steering* steering_;                  // null: none
  std::unique_ptr<Rounding> rounding_;  // empty: the model's own
  std::optional<MixedDecoder> mixed_;   // empty: not asked for
  bool settles_ = false;                // by its certainty; only by the model's own rounding
  std::optional<Corrector> corrector_;  // empty: not asked for, or the words are not the model's own
  Tensor table_;                        // [V,D]
  std::optional<Fluency> fluency_;      // empty: not asked for
  Tensor scores_;                       // [B,T,V] of the last pulled estimate, undefined where there is none
  Rounding::Best settled_;              // [B,T] what is final, words -1 where still open; undefined where nothing can be
  Rounding::Best before_;               // [B,n] what was written before the present block; undefined in the first one
};

}  // namespace difflm
