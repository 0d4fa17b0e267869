#include "difflm/steering/guided_steering.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "difflm/core/error.h"
#include "difflm/core/random.h"
#include "difflm/sampling/open_words.h"

namespace difflm {
namespace {

constexpr double kRuledOut = 1e4;  // nats
constexpr double kLeastProbability = 1e-30;

// The guidance on log p of `words` that also flattens its result: softmax(log p + result) = softmax((log p + guidance) / t).
Tensor flattened(const Tensor& guidance, const Tensor& words, double temperature) {
  const Tensor own = words.clamp_min(kLeastProbability).log();
  return (own + guidance) / temperature - own;
}

}  // namespace

std::vector<double> length_weights(const Guides& guides, GuideResources& resources, int64_t longest) {
  const auto& tokens = resources.tokens();
  std::vector<double> count(static_cast<size_t>(longest) + 1, 0);
  for (const auto& text : tokens) {
    if (text.size() < count.size()) ++count[text.size()];
  }
  std::vector<double> weights;
  for (const auto& guide : guides) {
    if (guide->strength().weight == 0) continue;
    std::vector<double> held(count.size(), 0);
    bool says = false;
    for (size_t index = 0; index < tokens.size(); ++index) {
      const auto fulfilled = guide->fulfilled_by(resources.documents()[index], tokens[index]);
      if (!fulfilled) break;
      says = true;
      if (*fulfilled && tokens[index].size() < held.size()) ++held[tokens[index].size()];
    }
    if (!says || std::all_of(held.begin(), held.end(), [](double texts_held) { return texts_held == 0; })) continue;
    if (weights.empty()) weights = count;
    for (size_t length = 0; length < held.size(); ++length) weights[length] *= held[length] / std::max(1.0, count[length]);
  }
  const bool possible = std::any_of(weights.begin(), weights.end(), [](double weight) { return weight > 0; });
  return possible ? weights : std::vector<double>();
}

int64_t agreed_length(const Guides& guides, int64_t index, int64_t length) {
  // Each wish moves the length to one it accepts; they agree when a whole round moves nothing.
  for (size_t round = 0; round <= guides.size(); ++round) {
    const int64_t before = length;
    for (const auto& guide : guides) length = guide->choose_length(index, length);
    const auto content = [&](const auto& guide) { return guide->choose_length(index, length) == length; };
    if (length != before || !std::all_of(guides.begin(), guides.end(), content)) continue;
    return length;
  }
  throw usage_error("wishes", "contradict each other in the length of the text");
}

Sequence agreed_pins(const Guides& guides, int64_t index, int64_t length) {
  Sequence all;
  for (const auto& guide : guides) {
    const Sequence own = guide->pins(index, length);
    if (all.empty()) all.resize(own.size(), -1);
    for (size_t at = 0; at < own.size(); ++at) {
      if (own[at] < 0) {
        if (all[at] == kOpen) all[at] = own[at];  // what an open word asks of its tokens
        continue;
      }
      if (all[at] >= 0 && all[at] != own[at]) {
        throw usage_error("wishes", fmt::format("contradict each other: they want different words at place {}", at + 1));
      }
      all[at] = own[at];
    }
  }
  return all;
}

bool pulls(const Guides& guides) {
  return std::any_of(guides.begin(), guides.end(),
                     [](const auto& guide) { return guide->has_energy() && guide->strength().weight != 0; });
}

GuidedSteering::GuidedSteering(Guides guides, std::unique_ptr<UpdateRule> rule, double temperature, std::vector<double> lengths,
                               bool whole, int64_t longest, uint64_t seed)
    : temperature_(temperature), lengths_(std::move(lengths)), whole_(whole), longest_(longest), seed_(seed) {
  replace(std::move(guides), std::move(rule));
}

void GuidedSteering::replace(Guides guides, std::unique_ptr<UpdateRule> rule) {
  guides_ = std::move(guides);
  rule_ = std::move(rule);
  has_energies_ = pulls(guides_);
  has_exact_ = false;
  words_ = {};
  possible_.clear();
  log_probabilities_.assign(guides_.size(), {});
  for (const auto& guide : guides_) {
    has_exact_ = has_exact_ || (!guide->has_energy() && guide->strength().weight != 0);
    if (guide->strength().weight != 0) guide->add_to(words_);
  }
}

Condition GuidedSteering::condition() const {
  Condition all;
  for (const auto& guide : guides_) {
    const Condition own = guide->condition();
    if (own.labels.empty() || own.guidance_scale == 0) continue;
    all.labels.insert(all.labels.end(), own.labels.begin(), own.labels.end());
    all.guidance_scale = own.guidance_scale;  // the same for all: it is the guide's option
  }
  return all;
}

int64_t GuidedSteering::next_candidates() const {
  int64_t most = 0;
  for (const auto& guide : guides_) most = std::max(most, guide->next_candidates());
  return most;
}

Tensor GuidedSteering::guide_next_token(const Tensor& inputs, const Tensor& words) {
  Tensor guidance = torch::zeros(words.sizes(), torch::TensorOptions().device(words.device()));
  for (const auto& guide : guides_) {
    if (guide->next_candidates() > 0) guidance = guidance + guide->strength().weight * guide->next_log_probability(inputs, words);
  }
  return guidance;
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
  length = agreed_length(guides_, index, length);
  if (whole_ && length > longest_) {
    throw usage_error("wishes", fmt::format("need a text of {} tokens, and the model's longest has {}", length, longest_));
  }
  if (can_hold_words(index, length)) return length;  // pins throw here, before any text is begun
  for (int64_t longer = length + 1; whole_ && longer <= longest_; ++longer) {
    if (agreed_length(guides_, index, longer) == longer && can_hold_words(index, longer)) return longer;
  }
  throw usage_error("wishes", "contradict each other: no text can hold, and lack, all the words that they ask for");
}

bool GuidedSteering::can_hold_words(int64_t index, int64_t length) {
  const std::pair<int64_t, Sequence> form = {length, pins(index, length)};
  const auto known = possible_.find(form);
  if (known != possible_.end()) return known->second;
  const bool possible = words_.can_be_fulfilled(length, form.second);
  possible_.emplace(form, possible);
  return possible;
}

bool GuidedSteering::weighs_texts() const {
  return std::any_of(guides_.begin(), guides_.end(),
                     [](const auto& guide) { return guide->rates_texts() && guide->strength().weight != 0; });
}

std::vector<double> GuidedSteering::weigh(const std::vector<std::string>& texts) {
  std::vector<double> sums(texts.size(), 0);
  for (const auto& guide : guides_) {
    if (!guide->rates_texts() || guide->strength().weight == 0) continue;
    const auto ratings = guide->rate(texts);
    for (size_t i = 0; i < texts.size(); ++i) sums[i] += guide->strength().weight * ratings[i];
  }
  return sums;
}

Tensor GuidedSteering::guide_logits(const SteeredEstimate& estimate) {
  const LogitGuidance update =
      rule_ ? rule_->guide_logits(estimate, guides_) : LogitGuidance{{}, std::vector<Tensor>(guides_.size())};
  for (size_t at = 0; at < guides_.size(); ++at) {
    Tensor log_probabilities = update.log_probabilities[at];
    if (!log_probabilities.defined() && guides_[at]->has_energy() && guides_[at]->strength().weight > 0) {
      log_probabilities = guides_[at]->log_probability(
          {estimate.probabilities, torch::matmul(estimate.probabilities, estimate.table), estimate.x_t, estimate.u});
    }
    log_probabilities_[at] =
        log_probabilities.defined() ? log_probabilities.to(torch::kCPU, torch::kFloat64).contiguous() : Tensor();
  }
  Tensor guidance = update.guidance;
  if (guidance.defined() && temperature_ != 1) guidance = flattened(guidance, estimate.probabilities, temperature_);
  if (!whole_) return guidance;
  if (!guidance.defined()) guidance = torch::zeros_like(estimate.probabilities);
  guidance.narrow(-1, 0, kSpecialTokens) -= kRuledOut;
  return guidance;
}

}  // namespace difflm
