// Texts by denoising: noise -> latents -> words.
#pragma once

#include <optional>

#include "difflm/model/diffusion_model.h"
#include "difflm/sampling/fluency.h"
#include "difflm/sampling/text_generator.h"

namespace difflm {

class DiffusionGenerator : public TextGenerator {
 public:
  DiffusionGenerator(Run& run, DiffusionModel& model, const SamplingOptions& options, const SampleRequest& request);

  std::vector<SampledText> generate(const std::vector<int64_t>& indices, int64_t length, const SampleEvents& events,
                                    bool& stopped) override;
  bool writes_its_length() const override { return false; }

 private:
  // An estimate of x_0 [B,T,D] at `point`, where neighbours have had their say.
  Tensor fluent_estimate(const Tensor& point);

  // The words of points [B,T,D] as the model sees them.
  Rounding::Best model_words(const Tensor& points);

  // Texts of points [B,T,D], by `rounding` or, where it is empty, by the model's own.
  std::vector<SampledText> read_texts(const Tensor& points, const std::vector<int64_t>& indices, Rounding* rounding);
  std::unique_ptr<Rounding> other_rounding(const std::string& name) const;

  Run& run_;
  DiffusionModel& model_;
  SamplingOptions options_;
  SampleRequest request_;
  std::unique_ptr<Rounding> rounding_;  // empty: the model's own
  Tensor table_;                        // [V,D]
  std::optional<Fluency> fluency_;      // empty: not asked for
  Tensor scores_;                       // [B,T,V] of the last fluent estimate, undefined where there is none
  Tensor settled_;                      // [B,T] int64 words that are final, -1 where still open; undefined where none can be
};

}  // namespace difflm
