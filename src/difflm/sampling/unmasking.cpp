#include "difflm/sampling/unmasking.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "difflm/sampling/token_draw.h"

namespace difflm {
namespace {

// Of `all` tokens, how many are hidden after step `step` of `steps`.
size_t hidden_after(size_t step, size_t steps, size_t all) {
  if (steps >= all) return all - std::min(all, step + 1);
  const double share = std::cos(std::numbers::pi / 2 * static_cast<double>(step + 1) / static_cast<double>(steps));
  return step + 1 == steps ? 0 : static_cast<size_t>(std::lround(share * static_cast<double>(all)));
}

}  // namespace

Rounding::Rounded unmask(const GuidedDenoiser& guided, Draft& draft, RevealOrder& order, int64_t steps, const Tensor& nothing,
                         std::vector<RandomStream>& random, const UnmaskingObserver& observer) {
  const Tensor at_first = draft.committed().logical_not().sum(1).to(torch::kCPU);  // [B]
  const int64_t length = draft.tokens().size(1);
  Rounding::Rounded drawn = draft.over({draft.tokens().clamp_min(0), torch::zeros({draft.rows(), length}, nothing.options())});
  Denoised denoised;
  for (size_t step = 0; step < static_cast<size_t>(steps); ++step) {
    const Tensor open = draft.committed().logical_not();
    const Tensor places = open.nonzero().to(torch::kCPU).contiguous();  // [N,2], row by row
    if (places.size(0) == 0) break;
    const double share = static_cast<double>(places.size(0)) / static_cast<double>(draft.rows() * length);
    denoised = guided(nothing, share, denoised.x0);
    const Tensor probabilities = guided.probabilities(denoised, open);  // [N,V]
    const TokenDraw draw(probabilities);
    const Tensor entropies = draw.entropies();  // [N]
    Tensor tokens = draft.tokens().to(torch::kCPU, torch::kInt64, false, true);
    Tensor probability = torch::zeros({draft.rows(), length});
    Tensor revealed = torch::zeros({draft.rows(), length}, torch::kBool);
    const auto at = places.accessor<int64_t, 2>();
    for (int64_t next = 0; next < places.size(0);) {
      const int64_t row = at[next][0];
      std::vector<HiddenToken> hidden;
      for (; next < places.size(0) && at[next][0] == row; ++next) {
        const int64_t token = draw.draw(next, random[static_cast<size_t>(row)]);
        tokens[row][at[next][1]] = token;
        probability[row][at[next][1]] = draw.probability(next, token);
        hidden.push_back({at[next][1], draw.probability(next, token), entropies[next].item<double>()});
      }
      const size_t left = hidden_after(step, static_cast<size_t>(steps), static_cast<size_t>(at_first[row].item<int64_t>()));
      const size_t least = hidden.size() > left ? hidden.size() - left : 0;
      const size_t count = order.choose(hidden, least, random[static_cast<size_t>(row)]);
      for (size_t i = 0; i < count; ++i) revealed[row][hidden[i].place] = true;
    }
    const torch::Device device = nothing.device();
    drawn = draft.over({tokens.to(device), probability.to(device)});
    draft.commit(drawn, revealed.to(device));
    if (observer && !observer(step, share, drawn)) break;
  }
  return drawn;
}

}  // namespace difflm
