// Guides: what a text should be like, as a probability that can be differentiated. A family.
//
// A guide gives the probability of its wish for tokens that are still uncertain: log p(wish | estimate). Its gradient is all that
// an update rule (update_rule.h) needs, so wishes can be added up, each with a weight and a range of noise levels. What can be met
// exactly (a length, given words) is pinned instead.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/sampling/steering.h"
#include "difflm/steering/guide_resources.h"
#include "difflm/steering/word_automaton.h"

namespace difflm {

// An estimate that guides look at. Rules differ in which of these tensors they differentiate.
struct GuideView {
  Tensor probabilities;  // [B,T,V] of the tokens
  Tensor x0;             // [B,T,D] the mean embedding under them
  Tensor x_t;            // [B,T,D] the latents at noise level u
  double u = 1;
};

// How strongly, and at which noise levels: section control.<guide>.
struct GuideStrength {
  double weight = 1;
  double from = 1;
  double to = 0;

  void describe(OptionVisitor& visitor) {
    visitor.field("weight", weight, "power of the wish; 0 changes nothing", {0, 1e4});
    visitor.field("from", from, "highest noise level u at which it acts", {0, 1});
    visitor.field("to", to, "lowest noise level u at which it acts", {0, 1});
  }
  bool is_active_at(double u) const { return weight > 0 && u <= from && u >= to; }
};

// What a guide is made from.
struct GuideSource {
  const Run& run;
  GuideResources& resources;
  std::string wish;  // as the user wrote it
  uint64_t seed = 1;
};

class Guide {
 public:
  explicit Guide(const GuideStrength& strength) : strength_(strength) {}
  virtual ~Guide() = default;

  // log p(wish) of each text, [B]. Called only where `has_energy`.
  virtual Tensor log_probability(const GuideView& view) const = 0;
  virtual bool has_energy() const { return true; }

  // False where it can also steer a model that writes token by token: by a condition, or by weighing the next token.
  virtual bool needs_whole_texts() const { return true; }

  // For wishes that rate texts, not tokens that are uncertain: whether it does, and how well each of `texts` does, in nats.
  virtual bool rates_texts() const { return false; }
  virtual std::vector<double> rate(const std::vector<std::string>& /*texts*/) const { return {}; }

  // True where the wish is a matter of degree, which no text fulfils or fails.
  virtual bool is_graded() const { return false; }

  // Length and pins, as in sampling/steering.h.
  virtual int64_t choose_length(int64_t /*index*/, int64_t drawn) const { return drawn; }
  virtual Sequence pins(int64_t /*index*/, int64_t /*length*/) const { return {}; }

  // Adds what the wish says about words, so that contradictions are found before any work.
  virtual void add_to(WordRules& /*rules*/) const {}

  // What the model is conditioned on, as in sampling/steering.h.
  virtual Condition condition() const { return {}; }

  // For models that write token by token: how many of the most probable next tokens it weighs, 0 for none, and log p(wish) [B,K]
  // of the beginnings `inputs` [B,T] int64, each followed by one of the tokens `words` [B,K].
  virtual int64_t next_candidates() const { return 0; }
  virtual Tensor next_log_probability(const Tensor& /*inputs*/, const Tensor& /*words*/) const { return {}; }

  // Whether a finished text fulfils the wish by an exact rule; nothing where there is none, so that a judge has to decide.
  virtual std::optional<bool> is_fulfilled(std::span<const Token> tokens) const = 0;

  // Whether a training text fulfils the wish, where that is known: lengths are then drawn as in the texts that fulfil it.
  virtual std::optional<bool> fulfilled_by(const Document&, std::span<const Token> /*tokens*/) const { return {}; }

  // Evaluations (LanguageModel) of this guide's own network; those of classifiers are counted by GuideResources.
  virtual int64_t own_evaluations() const { return 0; }

  const GuideStrength& strength() const { return strength_; }

 private:
  GuideStrength strength_;
};

using GuideFamily = Family<Guide, const GuideSource&>;
const GuideFamily& guides();  // control.guide; chosen by the wish, not by the configuration

}  // namespace difflm
