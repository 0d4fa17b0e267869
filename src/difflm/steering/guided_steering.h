// Wishes and an update rule, as the steering of the sampling loop.
#pragma once

#include <map>

#include "difflm/steering/update_rule.h"

namespace difflm {

// How often texts of each length, by index, are to be drawn so that they can fulfil `guides`: the number of training texts of that
// length, times the share of them that fulfils each wish. Empty where no wish bears on the length.
std::vector<double> length_weights(const Guides& guides, GuideResources& resources, int64_t longest);

// A length of text `index` that all wishes accept, found from `length`, and its pins, -1 where open (empty: all open). Both throw a
// usage error where wishes contradict each other.
int64_t agreed_length(const Guides& guides, int64_t index, int64_t length);
Sequence agreed_pins(const Guides& guides, int64_t index, int64_t length);

// Whether any of `guides` has an energy and a weight, so that a rule has something to do.
bool pulls(const Guides& guides);

class GuidedSteering : public Steering {
 public:
  // `lengths`: how often texts of each length are to be drawn, by index; empty: as in the training texts.
  // Where `whole` (a sequence is exactly a text), START, END, UNK and PAD are never written: they would change a text's length.
  // `rule`: null where no wish has an energy and a weight. `temperature`: factor on the sampling temperature of all open tokens of
  // a text, while a rule adds to the logits.
  // `longest`: the most tokens that a sequence of the model has.
  GuidedSteering(Guides guides, std::unique_ptr<UpdateRule> rule, double temperature, std::vector<double> lengths, bool whole,
                 int64_t longest, uint64_t seed);

  // Other wishes from the next estimate on, in the place of those that pull: what is given from the start stays as it is.
  void replace(Guides guides, std::unique_ptr<UpdateRule> rule);

  Condition condition() const override;

  int64_t next_candidates() const override;
  Tensor guide_next_token(const Tensor& inputs, const Tensor& words) override;

  // Throws a usage error where wishes contradict each other. A text is made longer than drawn where the words it must hold need it.
  int64_t choose_length(int64_t index, int64_t drawn) override;
  Sequence pins(int64_t index, int64_t length) override { return agreed_pins(guides_, index, length); }

  bool guides_logits() const override { return has_energies_ || has_exact_; }
  Tensor guide_logits(const SteeredEstimate& estimate) override;

  bool guides_latents() const override { return has_energies_ && !rule_->guides_logits(); }
  Tensor guide_latents(const SteeredStep& step) override { return rule_->guide_latents(step, guides_); }

  bool weighs_texts() const override;
  std::vector<double> weigh(const std::vector<std::string>& texts) override;

  // log p of every wish for each text of the batch, under the last estimate before guidance: [wish] -> [B] on the CPU, undefined
  // for a wish without energy or weight.
  const std::vector<Tensor>& log_probabilities() const { return log_probabilities_; }

  const Guides& guides() const { return guides_; }

 private:
  bool can_hold_words(int64_t index, int64_t length);

  Guides guides_;
  std::unique_ptr<UpdateRule> rule_;
  double temperature_;
  bool has_energies_ = false;
  bool has_exact_ = false;  // some wish has a weight and no energy: it pins tokens or conditions the model
  std::vector<double> lengths_;
  bool whole_;
  int64_t longest_;
  uint64_t seed_;
  WordRules words_;                                        // what the wishes with a weight say about words
  std::map<std::pair<int64_t, Sequence>, bool> possible_;  // whether words_ can be fulfilled, by length and pins
  std::vector<Tensor> log_probabilities_;
};

}  // namespace difflm
