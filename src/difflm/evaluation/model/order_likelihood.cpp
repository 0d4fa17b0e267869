#include "difflm/evaluation/model/order_likelihood.h"

#include <cmath>

#include "difflm/evaluation/model/masked_bound.h"

namespace difflm {

const std::vector<std::string>& likelihood_orders() {
  static const std::vector<std::string> names = {"left-to-right", "least-entropy"};
  return names;
}

ExactLikelihood order_likelihood(const MaskedBelief& belief, const std::string& order, const std::vector<Batch>& batches) {
  const torch::NoGradGuard no_grad;
  ExactLikelihood likelihood;
  double total = 0;
  std::vector<double> lengths;  // tokens
  for (const auto& batch : batches) {
    const Tensor& tokens = batch.tokens;
    const int64_t rows = tokens.size(0);
    const int64_t length = tokens.size(1);
    Tensor given = torch::zeros({rows, length});
    Tensor sum = torch::zeros({rows}, torch::kFloat64);
    for (int64_t at = 0; at < length; ++at) {
      const Tensor asked = order == "left-to-right" ? torch::zeros_like(given).index_fill(1, torch::tensor({at}), 1) : 1 - given;
      const Tensor places = asked > 0;
      const Tensor logs = belief(tokens, given, places).to(torch::kCPU, torch::kFloat64);  // [N,V]
      const auto at_places = [&](const Tensor& values) {
        return torch::full({rows, length}, INFINITY, torch::kFloat64).masked_scatter(places, values);
      };
      const Tensor next = at_places(-(logs.exp() * logs.clamp_min(-1e9)).sum(-1)).argmin(1, true);  // [B,1], of the least entropy
      sum += at_places(-logs.gather(1, tokens.masked_select(places).unsqueeze(1)).squeeze(1)).gather(1, next).squeeze(1);
      given = given.scatter(1, next, 1);
    }
    likelihood.tokens += tokens.numel();
    for (int64_t row = 0; row < rows; ++row) {
      likelihood.of_sequences.push_back(sum[row].item<double>());
      lengths.push_back(static_cast<double>(length));
      total += likelihood.of_sequences.back();
    }
  }
  likelihood.nats = total / static_cast<double>(likelihood.tokens);
  likelihood.error = ratio_error(likelihood.of_sequences, lengths, likelihood.nats);
  return likelihood;
}

ExactLikelihood order_likelihood(DiffusionModel& model, const std::string& order, const std::vector<Batch>& batches) {
  const torch::NoGradGuard no_grad;
  model.eval();
  const Tensor table = model.table();
  const MaskedBelief belief = [&](const Tensor& batch, const Tensor& given, const Tensor& asked) {
    const Tensor points = masked_points(model, table, batch.to(table.device()), given);
    return model.logits(points.index({asked.to(table.device())}), table).log_softmax(-1);
  };
  return order_likelihood(belief, order, batches);
}

}  // namespace difflm
