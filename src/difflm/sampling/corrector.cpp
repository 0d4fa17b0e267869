#include "difflm/sampling/corrector.h"

#include <algorithm>

#include "difflm/sampling/draw_word.h"

namespace difflm {
namespace {

constexpr int64_t kGroups = 4;

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

void Corrector::sweep(Rounding::Best& text, const Tensor& fixed, const DenoiseInput& told, const NoiseSource& noise,
                      std::vector<RandomStream>& random) const {
  const int64_t rows = text.words.size(0);
  const int64_t length = text.words.size(1);
  const torch::Device device = text.words.device();
  const Tensor place = torch::arange(length, torch::TensorOptions().device(device));
  for (int64_t group = 0; group < std::min(kGroups, length); ++group) {
    const Tensor open = (place % kGroups == group).expand({rows, length});
    const Tensor words = DiffusionModel::embed(text.words, table_);
    DenoiseInput input = told;
    input.x_t = torch::where(open.unsqueeze(-1), noise(), words);
    input.u = torch::ones({rows}, torch::TensorOptions().dtype(torch::kFloat64).device(device));
    input.given = open.logical_not().to(torch::kFloat32);
    const Tensor points = model_.estimate(input, table_, temperature_, false).point;
    const Tensor chances = (model_.logits(points, table_) / temperature_).softmax(-1);  // [B,T,V]
    const Tensor own = chances.gather(-1, text.words.unsqueeze(-1)).squeeze(-1);
    Tensor wrong = open.logical_and(own < improbable_ * chances.amax(-1));
    if (fixed.defined()) wrong = wrong.logical_and(fixed.logical_not());
    redraw(text, wrong, chances, random);
  }
}

}  // namespace difflm
