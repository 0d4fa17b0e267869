#include "difflm/sampling/word_denoising.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "difflm/sampling/token_draw.h"

namespace difflm {
namespace {

// Of `all` tokens, how many are not shown after step `step` of `steps`.
int64_t hidden_after(int64_t step, int64_t steps, int64_t all) {
  if (step + 1 >= steps) return 0;
  if (steps >= all) return std::max<int64_t>(0, all - step - 1);
  const double share = std::cos(std::numbers::pi / 2 * static_cast<double>(step + 1) / static_cast<double>(steps));
  return std::lround(share * static_cast<double>(all));
}

// What was drawn in a step, [B,T] on the CPU.
struct Drawn {
  Tensor tokens;
  Tensor probability;
  Tensor chosen;  // bool, by the order
};

// Draws the tokens at `open` [B,T] from `probabilities` [N,V], one row of them for each place, and has `order` choose all but at
// most left[b] of row b.
Drawn draw_step(const Draft& draft, const Tensor& open, const Tensor& probabilities, const std::vector<int64_t>& left,
                RevealOrder& order, double top_p, std::vector<RandomStream>& random) {
  const Tensor places = open.nonzero().to(torch::kCPU).contiguous();  // [N,2], row by row
  const TokenDraw draw(probabilities, top_p);
  Drawn drawn = {draft.tokens().to(torch::kCPU, torch::kInt64, false, true), torch::zeros(open.sizes()),
                 torch::zeros(open.sizes(), torch::kBool)};
  const auto at = places.accessor<int64_t, 2>();
  for (int64_t next = 0; next < places.size(0);) {
    const int64_t row = at[next][0];
    std::vector<OpenToken> hidden;
    for (; next < places.size(0) && at[next][0] == row; ++next) {
      const int64_t token = draw.draw(next, random[static_cast<size_t>(row)]);
      drawn.tokens[row][at[next][1]] = token;
      drawn.probability[row][at[next][1]] = draw.probability(next, token);
      hidden.push_back({at[next][1], draw.probability(next, token), order.reads_entropy() ? draw.entropy(next) : 0});
    }
    const auto least = std::max<int64_t>(0, static_cast<int64_t>(hidden.size()) - left[static_cast<size_t>(row)]);
    const size_t count = order.choose(hidden, static_cast<size_t>(least), random[static_cast<size_t>(row)]);
    for (size_t i = 0; i < count; ++i) drawn.chosen[row][hidden[i].place] = true;
  }
  return drawn;
}

// [B,T] bool, each true with the probability `share`.
Tensor random_places(int64_t rows, int64_t length, double share, std::vector<RandomStream>& random) {
  Tensor places = torch::zeros({rows, length}, torch::kBool);
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t at = 0; at < length; ++at) places[row][at] = random[static_cast<size_t>(row)].uniform() < share;
  }
  return places;
}

}  // namespace

Rounding::Rounded denoise_words(const GuidedDenoiser& guided, Draft& draft, RevealOrder& order, const NoiseProcess& process,
                                const WordDenoising& options, const NoiseSource& noise, std::vector<RandomStream>& random,
                                const WordObserver& observer) {
  const bool commits = process.replaces()->flags_kept;
  const Tensor writable = draft.committed().logical_not();
  const Tensor writable_counts = writable.sum(1).to(torch::kCPU);  // [B]
  Tensor x_t = noise();
  const torch::Device device = x_t.device();
  const int64_t length = draft.tokens().size(1);
  Rounding::Rounded drawn = draft.over({draft.tokens().clamp_min(0), torch::zeros({draft.rows(), length}, x_t.options())});
  Tensor shown = draft.committed();
  Denoised denoised;
  for (int64_t step = 0; step < options.steps; ++step) {
    if (commits && options.remask > 0 && step > 0) {
      draft.open(random_places(draft.rows(), length, options.remask, random).to(device).logical_and(writable));
    }
    if (commits) shown = draft.committed();
    const Tensor open = commits ? shown.logical_not() : writable;
    // With re-masking every text takes all steps, so that it is the same in any batch.
    if (options.remask == 0 && shown.all().item<bool>()) break;
    // By the schedule alone, so that a text is the same in any batch.
    const double hidden =
        step == 0 ? 1 : static_cast<double>(hidden_after(step - 1, options.steps, length)) / static_cast<double>(length);
    denoised = guided(x_t, process.level(1 - hidden), denoised.x0);
    std::vector<int64_t> left;
    for (int64_t row = 0; row < draft.rows(); ++row) {
      left.push_back(hidden_after(step, options.steps, writable_counts[row].item<int64_t>()));
    }
    const Drawn step_drawn = draw_step(draft, open, guided.probabilities(denoised, open), left, order, options.top_p, random);
    drawn = draft.over({step_drawn.tokens.to(device), step_drawn.probability.to(device)});
    const Tensor chosen = step_drawn.chosen.to(device);
    if (commits) {
      draft.commit(drawn, chosen);
    } else {
      shown = chosen.logical_or(draft.committed());
      x_t = torch::where(chosen.unsqueeze(-1), draft.embed(drawn.tokens), noise());
    }
    if (observer && !observer(static_cast<size_t>(step), hidden, drawn)) break;
  }
  return drawn;
}

}  // namespace difflm
