#include "difflm/steering/word_pulls.h"

#include "difflm/model/diffusion_model.h"
#include "difflm/model/model_as.h"
#include "difflm/steering/guide.h"

namespace difflm {
namespace {

// The level at which the texts are read: clean, as near the end of sampling.
constexpr double kNearlyClean = 0.01;

// `text` once with each of `words` at `place`, [N,T], with the marks that the model's sequences have.
Tensor with_each(const Run& run, std::span<const Token> text, int64_t place, const std::vector<LikelyToken>& words) {
  Tensor texts = torch::tensor(std::vector<int64_t>(text.begin(), text.end()))
                     .unsqueeze(0)
                     .repeat({static_cast<int64_t>(words.size()), 1});
  for (size_t at = 0; at < words.size(); ++at) texts[static_cast<int64_t>(at)][place] = words[at].token;
  if (run.packing->frame() != Frame::framed) return texts;
  const auto mark = [&](Token token) { return torch::full({texts.size(0), 1}, token, texts.options()); };
  return torch::cat({mark(kStart), texts, mark(kEnd)}, 1);
}

}  // namespace

std::vector<std::vector<std::optional<double>>> word_pulls(const Run& run, GuideResources& resources,
                                                           const std::vector<WishSpec>& wishes, std::span<const Token> text,
                                                           int64_t place, const std::vector<LikelyToken>& words) {
  const torch::NoGradGuard no_grad;
  const auto model = model_as<DiffusionModel>(run.model, run.folder);
  const Tensor table = model->table();
  const Tensor texts = with_each(run, text, place, words).to(table.device());
  const Tensor rows = DiffusionModel::embed(texts, table);
  const GuideView view = {torch::one_hot(texts, table.size(0)).to(torch::kFloat32), rows, rows, kNearlyClean};
  std::vector<double> shares;
  for (const auto& word : words) shares.push_back(word.probability);
  const Tensor share = torch::tensor(shares, torch::kFloat64).log();
  std::vector<std::vector<std::optional<double>>> pulls;
  for (const auto& wish : wishes) {
    pulls.emplace_back(words.size());
    const auto guide = guides().make(wish.guide, run.config, {run, resources, wish.text, 1});
    if (!guide->has_energy()) continue;
    const Tensor held = guide->log_probability(view).to(torch::kCPU, torch::kFloat64);
    const Tensor pull = held - (torch::logsumexp(held + share, 0) - torch::logsumexp(share, 0));
    for (size_t at = 0; at < words.size(); ++at) pulls.back()[at] = pull[static_cast<int64_t>(at)].item<double>();
  }
  return pulls;
}

}  // namespace difflm
