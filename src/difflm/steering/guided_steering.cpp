#include "difflm/steering/guided_steering.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "difflm/core/error.h"
#include "difflm/core/random.h"

namespace difflm {
namespace {

constexpr double kRuledOut = 1e4;  // nats
constexpr double kLeastProbability = 1e-30;

// The pull on log-probabilities of `words` that also flattens what it leads to: softmax(log p + result) = softmax((log p + pull) /
// t).
Tensor flattened(const Tensor& pull, const Tensor& words, double temperature) {
  const Tensor own = words.clamp_min(kLeastProbability).log();
  return (own + pull) / temperature - own;
}

}  // namespace

std::vector<double> length_weights(const Wishes& wishes, GuideResources& resources, int64_t longest) {
  const auto& tokens = resources.tokens();
  std::vector<double> count(static_cast<size_t>(longest) + 1, 0);
  for (const auto& text : tokens) {
    if (text.size() < count.size()) ++count[text.size()];
  }
  std::vector<double> weights;
  for (const auto& wish : wishes) {
    if (wish->strength().weight == 0) continue;
    std::vector<double> held(count.size(), 0);
    bool says = false;
    for (size_t index = 0; index < tokens.size(); ++index) {
      const auto holds = wish->held_by(resources.documents()[index], tokens[index]);
      if (!holds) break;
      says = true;
      if (*holds && tokens[index].size() < held.size()) ++held[tokens[index].size()];
    }
    if (!says || std::all_of(held.begin(), held.end(), [](double texts_held) { return texts_held == 0; })) continue;
    if (weights.empty()) weights = count;
    for (size_t length = 0; length < held.size(); ++length) weights[length] *= held[length] / std::max(1.0, count[length]);
  }
  const bool possible = std::any_of(weights.begin(), weights.end(), [](double weight) { return weight > 0; });
  return possible ? weights : std::vector<double>();
}

int64_t agreed_length(const Wishes& wishes, int64_t index, int64_t length) {
  // Each wish moves the length to where it can live with it; they agree when a whole round moves nothing.
  for (size_t round = 0; round <= wishes.size(); ++round) {
    const int64_t before = length;
    for (const auto& wish : wishes) length = wish->choose_length(index, length);
    const auto content = [&](const auto& wish) { return wish->choose_length(index, length) == length; };
    if (length != before || !std::all_of(wishes.begin(), wishes.end(), content)) continue;
    return length;
  }
  throw usage_error("wishes", "contradict each other in the length of the text");
}

Sequence agreed_pins(const Wishes& wishes, int64_t index, int64_t length) {
  Sequence all;
  for (const auto& wish : wishes) {
    const Sequence own = wish->pins(index, length);
    if (all.empty()) all.resize(own.size(), -1);
    for (size_t at = 0; at < own.size(); ++at) {
      if (own[at] < 0) continue;
      if (all[at] >= 0 && all[at] != own[at]) {
        throw usage_error("wishes", fmt::format("contradict each other: they want different words at place {}", at + 1));
      }
      all[at] = own[at];
    }
  }
  return all;
}

bool pulls(const Wishes& wishes) {
  return std::any_of(wishes.begin(), wishes.end(),
                     [](const auto& wish) { return wish->has_energy() && wish->strength().weight != 0; });
}

GuidedSteering::GuidedSteering(Wishes wishes, std::unique_ptr<UpdateRule> rule, double temperature, std::vector<double> lengths,
                               bool whole, uint64_t seed)
    : wishes_(std::move(wishes)),
      rule_(std::move(rule)),
      temperature_(temperature),
      pulls_(pulls(wishes_)),
      lengths_(std::move(lengths)),
      whole_(whole),
      seed_(seed),
      seen_(wishes_.size()) {
  for (const auto& wish : wishes_) pins_ = pins_ || (!wish->has_energy() && wish->strength().weight != 0);
}

ToldLabels GuidedSteering::told() const {
  ToldLabels all;
  for (const auto& wish : wishes_) {
    const ToldLabels own = wish->told();
    if (own.labels.empty() || own.guidance == 0) continue;
    all.labels.insert(all.labels.end(), own.labels.begin(), own.labels.end());
    all.guidance = own.guidance;  // of all the same: it is the guide's option
  }
  return all;
}

int64_t GuidedSteering::next_candidates() const {
  int64_t most = 0;
  for (const auto& wish : wishes_) most = std::max(most, wish->next_candidates());
  return most;
}

Tensor GuidedSteering::pull_next(const Tensor& inputs, const Tensor& words) {
  Tensor pull = torch::zeros(words.sizes(), torch::TensorOptions().device(words.device()));
  for (const auto& wish : wishes_) {
    if (wish->next_candidates() > 0) pull = pull + wish->strength().weight * wish->next_log_probability(inputs, words);
  }
  return pull;
}

int64_t GuidedSteering::choose_length(int64_t index, int64_t drawn) {
  int64_t length = drawn;
  if (!lengths_.empty()) {
    RandomStream random(seed_, "control.lengths", static_cast<uint64_t>(index));
    double rest = random.uniform() * std::accumulate(lengths_.begin(), lengths_.end(), 0.0);
    for (size_t at = 0; at < lengths_.size(); ++at) {
      if (lengths_[at] > 0) length = static_cast<int64_t>(at);
      rest -= lengths_[at];
      if (rest < 0) break;
    }
  }
  length = agreed_length(wishes_, index, length);
  pins(index, length);  // says no here, before any text is begun
  return length;
}

Tensor GuidedSteering::pull_words(const SteeredEstimate& estimate) {
  const WordMove move = rule_ ? rule_->move_words(estimate, wishes_) : WordMove{{}, std::vector<Tensor>(wishes_.size())};
  for (size_t at = 0; at < wishes_.size(); ++at) {
    Tensor seen = move.seen[at];
    if (!seen.defined() && wishes_[at]->has_energy() && wishes_[at]->strength().weight > 0) {
      seen =
          wishes_[at]->log_probability({estimate.words, torch::matmul(estimate.words, estimate.table), estimate.x_t, estimate.u});
    }
    seen_[at] = seen.defined() ? seen.to(torch::kCPU, torch::kFloat64).contiguous() : Tensor();
  }
  Tensor pull = move.pull;
  if (pull.defined() && temperature_ != 1) pull = flattened(pull, estimate.words, temperature_);
  if (!whole_) return pull;
  if (!pull.defined()) pull = torch::zeros_like(estimate.words);
  pull.narrow(-1, 0, kSpecialTokens) -= kRuledOut;
  return pull;
}

}  // namespace difflm
