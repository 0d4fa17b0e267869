#include "difflm/evaluation/model/diffusion_report.h"

#include "difflm/core/json.h"
#include "difflm/evaluation/model/embedding_map.h"
#include "difflm/evaluation/model/likelihood_bound.h"
#include "difflm/evaluation/model/masked_bound.h"
#include "difflm/evaluation/model/order_likelihood.h"
#include "difflm/evaluation/model/replacement_bound.h"
#include "difflm/evaluation/model/rounding_curve.h"

namespace difflm {
namespace {

constexpr int64_t kBoundSteps = 100;  // of the generative process whose likelihood is bounded
constexpr int64_t kBoundDraws = 32;   // numbers of hidden words, of each text
constexpr int64_t kExactRows = 64;    // texts whose exact likelihood is summed word by word

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

LikelihoodBound bound_of(DiffusionModel& model, const ReportSource& source) {
  const auto replaces = model.process().replaces();
  if (!replaces) return likelihood_bound(model, kBoundSteps, source.held_out, source.seed);
  return replaces->flags_kept ? masked_bound(model, kBoundDraws, source.held_out, source.seed)
                              : replacement_bound(model, kBoundSteps, source.held_out, source.seed);
}

// At least the first batch.
std::vector<Batch> first_batches(const std::vector<Batch>& batches) {
  std::vector<Batch> first;
  int64_t rows = 0;
  for (const auto& batch : batches) {
    if (rows > 0 && rows + batch.rows() > kExactRows) break;
    rows += batch.rows();
    first.push_back(batch);
  }
  return first;
}

Json exact_likelihoods(DiffusionModel& model, const ReportSource& source) {
  const auto batches = first_batches(source.held_out);
  const TextBytes bytes = text_bytes(source.run, source.data, batches);
  Json orders = Json::object();
  for (const auto& order : likelihood_orders()) {
    const ExactLikelihood exact = order_likelihood(model, order, batches);
    orders[order] = likelihood_per_byte(exact.nats * static_cast<double>(exact.tokens), bytes);
    orders[order].update({{"kind", "exact"},
                          {"nats_per_token", exact.nats},
                          {"standard_error", exact.error},
                          {"texts", exact.of_sequences.size()},
                          {"tokens", exact.tokens}});
  }
  return orders;
}

}  // namespace

Json DiffusionReport::measure(const ReportSource& source) {
  auto& model = source.model<DiffusionModel>();
  const LikelihoodBound bound = bound_of(model, source);
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
  const auto replaces = model.process().replaces();
  if (replaces && replaces->flags_kept) report["likelihood"]["orders"] = exact_likelihoods(model, source);
  // A word that stands for another is no latent that could be read.
  if (!replaces) report["rounding_curve"] = json_of(rounding_curve(model, source.held_out, source.run.config, source.seed));
  return report;
}

}  // namespace difflm
