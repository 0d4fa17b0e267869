#include "difflm/api/scored_tokens.h"

#include <fmt/format.h>

#include "difflm/model/autoregressive_model.h"
#include "difflm/model/model_as.h"

namespace difflm {

std::vector<ScoredToken> scored_tokens(const Run& run, const std::string& text) {
  const auto model = model_as<AutoregressiveModel>(run.model, run.folder);
  const auto tokens = run.tokenizer->encode(text);
  const auto count = static_cast<int64_t>(tokens.size());
  if (count == 0) return {};
  if (count > model->max_length()) {
    throw usage_error("text", fmt::format("has {} tokens, expected at most the model's {}", count, model->max_length()));
  }
  const torch::NoGradGuard no_grad;
  const Tensor targets = torch::tensor(std::vector<int64_t>(tokens.begin(), tokens.end()));  // [T]
  const Tensor inputs = torch::cat({torch::full({1}, kStart, torch::kInt64), targets.narrow(0, 0, count - 1)}).unsqueeze(0);
  const Tensor scores = model->logits(inputs).squeeze(0).to(torch::kCPU, torch::kFloat64).log_softmax(-1);  // [T,V]
  const Tensor own = scores.gather(1, targets.unsqueeze(1)).squeeze(1).contiguous();
  const auto [best, likeliest] = scores.max(1);
  std::vector<ScoredToken> scored;
  for (int64_t at = 0; at < count; ++at) {
    const auto token = static_cast<Token>(likeliest[at].item<int64_t>());
    scored.push_back({run.tokenizer->bytes(tokens[static_cast<size_t>(at)]), own[at].item<double>(), run.tokenizer->bytes(token),
                      best[at].item<double>()});
  }
  return scored;
}

}  // namespace difflm
