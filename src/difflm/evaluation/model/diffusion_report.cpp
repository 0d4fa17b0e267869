#include "difflm/evaluation/model/diffusion_report.h"

#include "difflm/core/json.h"
#include "difflm/evaluation/model/embedding_map.h"
#include "difflm/evaluation/model/likelihood_bound.h"
#include "difflm/evaluation/model/masked_bound.h"
#include "difflm/evaluation/model/rounding_curve.h"

namespace difflm {
namespace {

constexpr int64_t kBoundSteps = 100;  // of the generative process whose likelihood is bounded
constexpr int64_t kBoundDraws = 32;   // numbers of hidden words, of each text

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

}  // namespace

Json DiffusionReport::measure(const ReportSource& source) {
  auto& model = source.model<DiffusionModel>();
  const bool hides = model.process().hides();
  const auto bound = hides ? masked_bound(model, kBoundDraws, source.held_out, source.seed)
                           : likelihood_bound(model, kBoundSteps, source.held_out, source.seed);
  Json likelihood = likelihood_per_byte(bound.total * static_cast<double>(bound.tokens), source.bytes);
  likelihood.update({{"kind", "bound"},
                     {"nats_per_token", bound.total},
                     {"standard_error", bound.error},
                     {"prior", bound.prior},
                     {"diffusion", bound.diffusion},
                     {"reconstruction", bound.reconstruction},
                     {"steps", bound.steps},
                     {"tokens", bound.tokens}});
  Json report = {{"embedding_map", json_of(embedding_map(model.table(), *source.run.tokenizer, source.data.training))},
                 {"likelihood", likelihood}};
  // A hidden word is no latent that could be read.
  if (!hides) report["rounding_curve"] = json_of(rounding_curve(model, source.held_out, source.run.config, source.seed));
  return report;
}

}  // namespace difflm
