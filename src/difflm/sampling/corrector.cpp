#include "difflm/sampling/corrector.h"

#include <algorithm>
#include <cmath>

#include "difflm/sampling/token_draw.h"

namespace difflm {
namespace {

constexpr int64_t kGroups = 4;

// The level at which wishes are evaluated: all tokens except the open ones are clean, as they are near the end of sampling.
constexpr double kNearlyClean = 0.01;

// A token that the wishes make this many times as probable is one that fulfils them.
constexpr double kWished = 1.5;

// Draws the tokens of `text` [B,T] again at `places` [N,2], row by row, from probabilities [N,V].
void redraw(Rounding::Rounded& text, const Tensor& places, const Tensor& probabilities, double top_p,
            std::vector<RandomStream>& random) {
  if (places.size(0) == 0) return;
  const TokenDraw draw(probabilities, top_p);
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

Corrector::Believed Corrector::probabilities(const Tensor& tokens, const Tensor& open, const Batch& batch) const {
  DenoiseInput input = batch.condition;
  const Tensor hidden = open.unsqueeze(-1);
  input.x_t = torch::where(hidden, batch.noise(), DiffusionModel::embed(tokens, table_));
  input.u = torch::ones({tokens.size(0)}, torch::TensorOptions().dtype(torch::kFloat64).device(tokens.device()));
  input.given = open.logical_not().to(torch::kFloat32);
  const Tensor points = model_.estimate(input, table_, options_.temperature, false).point;
  const bool steered = batch.steering != nullptr && batch.steering->guides_logits();
  const auto asked = [&](const Tensor& values) { return steered ? values : values.index({open}); };
  Tensor logits = model_.logits(asked(points), table_) / options_.temperature;
  if (batch.penalty.defined()) logits = logits + asked(batch.penalty);
  if (!steered) {
    const Tensor own = logits.softmax(-1);
    return {own, own, {}};
  }
  const Tensor known = torch::one_hot(tokens, table_.size(0)).to(logits.dtype());
  const Tensor own = logits.softmax(-1);
  const Tensor believed = torch::where(hidden, own, known);
  const Tensor guidance = batch.steering->guide_logits({believed, input.given, input.x_t, kNearlyClean, table_, true});
  const Tensor own_at_open = own.index({open});
  if (!guidance.defined()) return {own_at_open, own_at_open, {}};
  const Tensor guided = (logits + guidance).softmax(-1);
  const auto at_tokens = [&](const Tensor& values) { return values.gather(-1, tokens.unsqueeze(-1)).squeeze(-1).index({open}); };
  return {guided.index({open}), own_at_open, at_tokens(guided) > kWished * at_tokens(own)};
}

void Corrector::accept(Rounding::Rounded& proposed, const Rounding::Rounded& before, std::vector<double>& weights,
                       const Tensor& regret, const Batch& batch) {
  const auto anew = batch.weigh(proposed);
  const auto of_row = regret.accessor<double, 1>();
  Tensor accepted = torch::ones({static_cast<int64_t>(anew.size()), 1}, torch::kBool);
  for (size_t row = 0; row < anew.size(); ++row) {
    const auto at = static_cast<int64_t>(row);
    if (std::log(batch.random[row].uniform()) < anew[row] - weights[row] + batch.replaced * of_row[at]) {
      weights[row] = anew[row];
    } else {
      accepted[at] = false;
    }
  }
  accepted = accepted.to(before.tokens.device());
  proposed = {torch::where(accepted, proposed.tokens, before.tokens),
              torch::where(accepted, proposed.probability, before.probability)};
}

void Corrector::sweep(Rounding::Rounded& text, const Batch& batch) const {
  const int64_t rows = text.tokens.size(0);
  const int64_t length = text.tokens.size(1);
  const Tensor place = torch::arange(length, torch::TensorOptions().device(text.tokens.device()));
  std::vector<double> weights = batch.weigh ? batch.weigh(text) : std::vector<double>();
  for (int64_t group = 0; group < std::min(kGroups, length); ++group) {
    const Tensor open = (place % kGroups == group).expand({rows, length});
    const Believed believed = probabilities(text.tokens, open, batch);
    const Tensor& all = believed.probabilities;
    const Tensor places = open.nonzero();                                  // [N,2]
    Tensor redrawn = torch::ones_like(places.select(1, 0), torch::kBool);  // [N]
    if (options_.improbable < 1) {
      const Tensor present = all.gather(-1, text.tokens.index({open}).unsqueeze(-1)).squeeze(-1);
      redrawn = present < options_.improbable * all.amax(-1);
    } else if (believed.wished.defined()) {
      redrawn = believed.wished.logical_not();
    }
    if (batch.fixed.defined()) redrawn = redrawn.logical_and(batch.fixed.index({open}).logical_not());
    const Rounding::Rounded before = text;
    redraw(text, places.index({redrawn}).to(torch::kCPU).contiguous(), all.index({redrawn}), options_.top_p, batch.random);
    if (!batch.weigh) continue;
    const auto log_own = [&](const Tensor& tokens) {
      return believed.own.gather(-1, tokens.index({open}).unsqueeze(-1))
          .squeeze(-1)
          .to(torch::kCPU, torch::kFloat64)
          .clamp_min(1e-30)
          .log();
    };
    const Tensor regret = torch::zeros({rows}, torch::kFloat64)
                              .index_add(0, places.select(1, 0).to(torch::kCPU), log_own(before.tokens) - log_own(text.tokens));
    accept(text, before, weights, regret, batch);
  }
}

void Corrector::respell(Rounding::Rounded& text, const SpellingRule& spelling, const Batch& batch) const {
  const auto on_cpu = [](const Tensor& values, torch::ScalarType type) {
    return values.to(torch::kCPU, type, false, true).contiguous();
  };
  Tensor tokens = on_cpu(text.tokens, torch::kInt64);
  const auto length = static_cast<size_t>(tokens.size(1));
  std::vector<std::vector<SpellingRule::Place>> misspelled;
  Tensor open = torch::zeros_like(tokens, torch::kBool);
  for (int64_t row = 0; row < tokens.size(0); ++row) {
    misspelled.push_back(spelling.misspelled({tokens.data_ptr<int64_t>() + row * tokens.size(1), length}));
    std::erase_if(misspelled.back(), [&](const SpellingRule::Place& place) {
      return batch.fixed.defined() && batch.fixed[row].narrow(0, place.begin, place.count).any().item<bool>();
    });
    for (const auto& place : misspelled.back()) open[row].narrow(0, place.begin, place.count).fill_(true);
  }
  if (!open.any().item<bool>()) {
    batch.noise();  // so that a text is the same in any batch
    return;
  }
  const auto [all, own, wished] = probabilities(text.tokens, open.to(text.tokens.device()), batch);
  Tensor probability = on_cpu(text.probability, torch::kFloat32);
  int64_t next = 0;  // row of `all`
  for (int64_t row = 0; row < tokens.size(0); ++row) {
    for (const auto& place : misspelled[static_cast<size_t>(row)]) {
      const auto count = static_cast<int64_t>(place.count);
      const auto of_place = [&](const Tensor& values) { return values.narrow(0, next, count); };
      const Tensor believed = on_cpu(of_place(all), torch::kFloat32);
      const bool is_wished = wished.defined() && of_place(wished).any().item<bool>();
      next += count;
      if (is_wished) continue;
      const auto drawn = spelling.draw(believed, batch.random[static_cast<size_t>(row)]);
      for (size_t i = 0; i < drawn.size(); ++i) {
        const auto at = static_cast<int64_t>(place.begin + i);
        tokens[row][at] = drawn[i];
        probability[row][at] = believed[static_cast<int64_t>(i)][drawn[i]];
      }
    }
  }
  text = {tokens.to(text.tokens.device()), probability.to(text.probability.device())};
}

}  // namespace difflm
