#include "difflm/sampling/corrector.h"

#include <algorithm>

#include "difflm/sampling/token_draw.h"

namespace difflm {
namespace {

constexpr int64_t kGroups = 4;

// The level at which wishes are evaluated: all tokens except the open ones are clean, as they are near the end of sampling.
constexpr double kNearlyClean = 0.01;

// A token that the wishes make this many times as probable is one that fulfils them.
constexpr double kWished = 1.5;

// Draws the tokens of `text` [B,T] again where `redrawn` [B,T] is true, from probabilities [B,T,V].
void redraw(Rounding::Rounded& text, const Tensor& redrawn, const Tensor& probabilities, std::vector<RandomStream>& random) {
  const Tensor places = redrawn.nonzero().to(torch::kCPU).contiguous();  // [N,2], row by row
  if (places.size(0) == 0) return;
  const TokenDraw draw(probabilities.index({redrawn}));
  Tensor tokens = text.tokens.to(torch::kCPU, torch::kInt64, false, true);
  Tensor probability = text.probability.to(torch::kCPU, torch::kFloat32, false, true);
  const auto at = places.accessor<int64_t, 2>();
  for (int64_t i = 0; i < places.size(0); ++i) {
    const int64_t word = draw.draw(i, random[static_cast<size_t>(at[i][0])]);
    tokens[at[i][0]][at[i][1]] = word;
    probability[at[i][0]][at[i][1]] = draw.probability(i, word);
  }
  text = {tokens.to(text.tokens.device()), probability.to(text.probability.device())};
}

}  // namespace

Corrector::Believed Corrector::probabilities(const Tensor& tokens, const Tensor& open, DenoiseInput input, const NoiseSource& noise,
                                             Steering* steering, const Tensor& penalty) const {
  const Tensor hidden = open.unsqueeze(-1);
  input.x_t = torch::where(hidden, noise(), DiffusionModel::embed(tokens, table_));
  input.u = torch::ones({tokens.size(0)}, torch::TensorOptions().dtype(torch::kFloat64).device(tokens.device()));
  input.given = open.logical_not().to(torch::kFloat32);
  const Tensor points = model_.estimate(input, table_, temperature_, false).point;
  Tensor logits = model_.logits(points, table_) / temperature_;
  if (penalty.defined()) logits = logits + penalty;
  if (steering == nullptr || !steering->guides_logits()) return {logits.softmax(-1), {}};
  const Tensor known = torch::one_hot(tokens, table_.size(0)).to(logits.dtype());
  const Tensor own = logits.softmax(-1);
  const Tensor believed = torch::where(hidden, own, known);
  const Tensor guidance = steering->guide_logits({believed, input.given, input.x_t, kNearlyClean, table_, true});
  if (!guidance.defined()) return {own, {}};
  const Tensor guided = (logits + guidance).softmax(-1);
  const auto at_tokens = [&](const Tensor& values) { return values.gather(-1, tokens.unsqueeze(-1)).squeeze(-1); };
  return {guided, at_tokens(guided) > kWished * at_tokens(own)};
}

void Corrector::sweep(Rounding::Rounded& text, const Tensor& fixed, const DenoiseInput& condition, const NoiseSource& noise,
                      std::vector<RandomStream>& random, Steering* steering, const Tensor& penalty) const {
  const int64_t rows = text.tokens.size(0);
  const int64_t length = text.tokens.size(1);
  const Tensor place = torch::arange(length, torch::TensorOptions().device(text.tokens.device()));
  for (int64_t group = 0; group < std::min(kGroups, length); ++group) {
    const Tensor open = (place % kGroups == group).expand({rows, length});
    const auto [all, wished] = probabilities(text.tokens, open, condition, noise, steering, penalty);
    Tensor redrawn = open;
    if (improbable_ < 1) {
      const Tensor own = all.gather(-1, text.tokens.unsqueeze(-1)).squeeze(-1);
      redrawn = redrawn.logical_and(own < improbable_ * all.amax(-1));
    } else if (wished.defined()) {
      redrawn = redrawn.logical_and(wished.logical_not());
    }
    if (fixed.defined()) redrawn = redrawn.logical_and(fixed.logical_not());
    redraw(text, redrawn, all, random);
  }
}

}  // namespace difflm
