#include "difflm/sampling/corrector.h"

#include <algorithm>

#include "difflm/sampling/draw_word.h"

namespace difflm {
namespace {

constexpr int64_t kGroups = 4;

// The level at which wishes are asked: all words but the open ones are clean, as they are near the end of sampling.
constexpr double kNearlyClean = 0.01;

// Draws the words of `text` [B,T] where `wrong` [B,T] says so, from chances [B,T,V].
void redraw(Rounding::Best& text, const Tensor& wrong, const Tensor& chances, std::vector<RandomStream>& random) {
  const Tensor places = wrong.nonzero().to(torch::kCPU).contiguous();  // [N,2], row by row
  if (places.size(0) == 0) return;
  const WordDraw draw(chances.index({wrong}));
  Tensor words = text.words.to(torch::kCPU, torch::kInt64, false, true);
  Tensor probability = text.probability.to(torch::kCPU, torch::kFloat32, false, true);
  const auto at = places.accessor<int64_t, 2>();
  for (int64_t i = 0; i < places.size(0); ++i) {
    const int64_t word = draw.draw(i, random[static_cast<size_t>(at[i][0])]);
    words[at[i][0]][at[i][1]] = word;
    probability[at[i][0]][at[i][1]] = draw.chance(i, word);
  }
  text = {words.to(text.words.device()), probability.to(text.probability.device())};
}

}  // namespace

Tensor Corrector::chances(const Tensor& words, const Tensor& open, DenoiseInput input, const NoiseSource& noise,
                          Steering* steering) const {
  const Tensor hidden = open.unsqueeze(-1);
  input.x_t = torch::where(hidden, noise(), DiffusionModel::embed(words, table_));
  input.u = torch::ones({words.size(0)}, torch::TensorOptions().dtype(torch::kFloat64).device(words.device()));
  input.given = open.logical_not().to(torch::kFloat32);
  const Tensor points = model_.estimate(input, table_, temperature_, false).point;
  const Tensor scores = model_.logits(points, table_) / temperature_;
  if (steering == nullptr || !steering->pulls_words()) return scores.softmax(-1);
  const Tensor known = torch::one_hot(words, table_.size(0)).to(scores.dtype());
  const Tensor believed = torch::where(hidden, scores.softmax(-1), known);
  const Tensor pull = steering->pull_words({believed, input.given, input.x_t, kNearlyClean, table_, true});
  return pull.defined() ? (scores + pull).softmax(-1) : scores.softmax(-1);
}

void Corrector::sweep(Rounding::Best& text, const Tensor& fixed, const DenoiseInput& told, const NoiseSource& noise,
                      std::vector<RandomStream>& random, Steering* steering) const {
  const int64_t rows = text.words.size(0);
  const int64_t length = text.words.size(1);
  const Tensor place = torch::arange(length, torch::TensorOptions().device(text.words.device()));
  for (int64_t group = 0; group < std::min(kGroups, length); ++group) {
    const Tensor open = (place % kGroups == group).expand({rows, length});
    const Tensor all = chances(text.words, open, told, noise, steering);
    const Tensor own = all.gather(-1, text.words.unsqueeze(-1)).squeeze(-1);
    Tensor wrong = open.logical_and(own < improbable_ * all.amax(-1));
    if (fixed.defined()) wrong = wrong.logical_and(fixed.logical_not());
    redraw(text, wrong, all, random);
  }
}

}  // namespace difflm
