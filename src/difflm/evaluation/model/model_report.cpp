#include "difflm/evaluation/model/model_report.h"

#include <numbers>

#include "difflm/core/json.h"
#include "difflm/data/batches.h"
#include "difflm/evaluation/model/embedding_map.h"
#include "difflm/evaluation/model/likelihood_bound.h"
#include "difflm/evaluation/model/rounding_curve.h"
#include "difflm/model/autoregressive_model.h"

namespace difflm {
namespace {

constexpr int64_t kSequences = 256;
constexpr int64_t kBatch = 64;
constexpr int64_t kBoundSteps = 100;  // of the generative process whose likelihood is bounded

Json json_of(const RoundingCurve& curve) {
  return {{"u", curve.u},
          {"from_noised", curve.from_noised},
          {"from_estimate", curve.from_estimate},
          {"cross_entropy", curve.cross_entropy},
          {"error", curve.error},
          {"tokens", curve.tokens}};
}

Json json_of(const EmbeddingMap& map) {
  Json json = {{"words", map.words},
               {"dimension", map.dimension},
               {"nearest", map.nearest},
               {"second_nearest", map.second_nearest},
               {"mean_cosine", map.mean_cosine},
               {"dimensions_used", map.dimensions_used},
               {"merged", map.merged},
               {"variance_shown", map.variance_shown},
               {"frequent", Json::array()}};
  for (const auto& word : map.frequent) {
    json["frequent"].push_back({{"word", word.text}, {"x", word.x}, {"y", word.y}, {"neighbours", word.neighbours}});
  }
  return json;
}

// Characters of the text behind a token, on average.
double letters_a_token(const Run& run, const std::vector<Batch>& batches) {
  double letters = 0;
  double tokens = 0;
  for (const auto& batch : batches) {
    const Tensor rows = batch.tokens.contiguous();
    for (int64_t row = 0; row < rows.size(0); ++row) {
      const auto* begin = rows[row].data_ptr<int64_t>();
      const std::vector<Token> sequence(begin, begin + rows.size(1));
      letters += static_cast<double>(run.tokenizer->decode(run.packing->unpack(sequence)).size());
    }
    tokens += static_cast<double>(rows.numel());
  }
  return letters / tokens;
}

}  // namespace

void ConfidenceCurve::observe(const SampleStep& step) {
  if (step.samples.front() != 0) return;
  double sum = 0;
  const auto texts = step.texts();
  for (const auto& text : texts) sum += text.confidence;
  u_.push_back(step.u);
  confidence_.push_back(sum / static_cast<double>(texts.size()));
}

Json ConfidenceCurve::to_json() const { return {{"u", u_}, {"confidence", confidence_}}; }

Json model_report(Run& run, const PreparedData& data, uint64_t seed) {
  const auto batches = validation_batches(data.validation, *run.packing, run.length, kBatch, kSequences);
  const double letters = letters_a_token(run, batches);
  if (auto* model = dynamic_cast<DiffusionModel*>(run.model.get())) {
    const auto bound = likelihood_bound(*model, kBoundSteps, batches, seed);
    return {{"rounding_curve", json_of(rounding_curve(*model, batches, run.config, seed))},
            {"embedding_map", json_of(embedding_map(model->table(), *run.tokenizer, data.training))},
            {"likelihood",
             {{"kind", "bound"},
              {"nats_per_token", bound.total},
              {"standard_error", bound.error},
              {"prior", bound.prior},
              {"diffusion", bound.diffusion},
              {"reconstruction", bound.reconstruction},
              {"bits_per_character", bound.total / std::numbers::ln2 / letters},
              {"steps", bound.steps},
              {"tokens", bound.tokens}}}};
  }
  if (auto* model = dynamic_cast<AutoregressiveModel*>(run.model.get())) {
    const auto [nats, tokens] = exact_nats(*model, run.packing->frame(), batches);
    return {{"likelihood",
             {{"kind", "exact"},
              {"nats_per_token", nats},
              {"bits_per_character", nats / std::numbers::ln2 / letters},
              {"tokens", tokens}}}};
  }
  return {
      {"likelihood", {{"kind", "none"}, {"why", "a " + run.model->kind() + " model defines no likelihood that is known here"}}}};
}

Json cost_report(const Run& run, int64_t evaluations, size_t count, double sampling_seconds) {
  const int64_t parameters = run.model->parameter_count();
  const int64_t tokens = run.state.value("tokens", int64_t{0});
  const bool diffusion = run.model->kind() == "diffusion";
  Json cost = {{"parameters", parameters},
               {"training_seconds", run.state.value("seconds", 0.0)},
               {"training_tokens", tokens},
               {"training_flops", 6.0 * static_cast<double>(parameters) * static_cast<double>(tokens)}};
  // An autoregressive model is asked for one word at a time, which costs another thing.
  cost["network_evaluations"] = diffusion ? Json(static_cast<double>(evaluations) / static_cast<double>(count)) : Json(nullptr);
  cost["sampling_seconds"] = sampling_seconds;
  cost["samples_per_second"] = static_cast<double>(count) / sampling_seconds;
  return cost;
}

}  // namespace difflm
