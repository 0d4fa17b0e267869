#include "difflm/sampling/generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "difflm/model/model_kind.h"
#include "difflm/model/writer.h"
#include "difflm/sampling/autoregressive_generator.h"
#include "difflm/sampling/diffusion_generator.h"
#include "difflm/sampling/sampler.h"
#include "difflm/sampling/steering.h"

namespace difflm {
namespace {

// Token count -> training texts of that length, as far as the model can write them.
std::vector<std::pair<int64_t, int64_t>> length_histogram(const Run& run) {
  std::vector<std::pair<int64_t, int64_t>> histogram;
  for (const auto& [length, count] : run.corpus.training.lengths) {
    if (length >= 1 && length <= run.length) histogram.emplace_back(length, count);
  }
  return histogram;
}

int64_t draw_length(const std::vector<std::pair<int64_t, int64_t>>& histogram, RandomStream random) {
  int64_t total = 0;
  for (const auto& [length, count] : histogram) total += count;
  auto rest = static_cast<int64_t>(random.below(static_cast<uint64_t>(total)));
  for (const auto& [length, count] : histogram) {
    if (rest < count) return length;
    rest -= count;
  }
  return histogram.back().first;
}

}  // namespace

const GeneratorFamily& generators() {
  using F = GeneratorFamily;
  static const F family("generator", "how each kind of model writes",
                        {
                            variant<F, DiffusionGenerator>("diffusion", "all words at once, out of noise"),
                            variant<F, AutoregressiveGenerator>("autoregressive", "word by word"),
                        });
  return family;
}

void SamplingOptions::describe(OptionVisitor& visitor) {
  visitor.choice("sampler", sampler, "how a step is taken", difflm::samplers().names());
  visitor.field("steps", steps, "denoising steps", {1, 1e6});
  visitor.field("temperature", temperature, "divides the logits; below 1 is safer and less varied", {1e-3, 100});
  visitor.field("fluency", fluency, "weight of the bigrams of the training text in each estimate; 0 is off", {0, 10});
  visitor.field("settle", commit_threshold,
                "a token is final, and given to the network, once its probability is above this; 1: none before the end", {0, 1});
  visitor.field("corrections", corrections,
                "sweeps over the finished text that redraw tokens which are improbable given the others "
                "(not where a rule moves latents)",
                {0, 100});
  visitor.field("improbable", improbable, "redraw a token whose probability is below this fraction of the most probable one's",
                {0, 1});
  visitor.choice("clamp", clamp, "replace the estimate by the nearest embeddings", {"off", "always"});
  visitor.field("rounding", rounding,
                "how the finished latents become tokens: model, cosine, nearest, or mixed with an autoregressive model");
  visitor.field("batch", batch, "texts made at once", {1, 1e6});
}

std::vector<SampledText> generate(Run& run, const SamplingOptions& options, const SampleRequest& request,
                                  const SampleEvents& events, Steering* steering) {
  const torch::NoGradGuard no_grad;
  if (request.count < 1) throw usage_error("count", fmt::format("is {}, expected at least 1", request.count));
  model_as<Writer>(run.model, run.folder);
  const auto generator = make_for_kind(generators(), run.model->kind(), GeneratorSource{run, options, request, steering});

  std::map<int64_t, std::vector<int64_t>> by_length;  // sequence length -> sample indices
  const auto histogram = length_histogram(run);
  for (int64_t index = 0; index < request.count; ++index) {
    if (request.is_wanted && !request.is_wanted(index)) continue;
    int64_t length = run.length;
    if (request.length > 0) {
      length = run.packing->sequence_length(request.length, run.length);
    } else if (run.packing->frame() == Frame::whole && !histogram.empty()) {
      length = draw_length(histogram, RandomStream(request.seed, "length", static_cast<uint64_t>(index)));
    }
    if (steering != nullptr) length = steering->choose_length(index, length);
    by_length[generator->ends_texts_itself() ? run.length : length].push_back(index);
  }
  std::vector<SampledText> result;
  bool stopped = false;
  for (const auto& [length, indices] : by_length) {
    for (size_t at = 0; at < indices.size() && !stopped; at += static_cast<size_t>(options.batch)) {
      const size_t end = std::min(indices.size(), at + static_cast<size_t>(options.batch));
      const std::vector<int64_t> rows(indices.begin() + static_cast<std::ptrdiff_t>(at),
                                      indices.begin() + static_cast<std::ptrdiff_t>(end));
      GeneratedBatch batch = generator->generate(rows, length, events);
      if (events.on_finished && !batch.stopped) events.on_finished(batch.texts);
      std::move(batch.texts.begin(), batch.texts.end(), std::back_inserter(result));
      stopped = batch.stopped;
      if (events.on_batch) events.on_batch(static_cast<int64_t>(result.size()), request.count);
    }
  }
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.index < b.index; });
  return result;
}

}  // namespace difflm
