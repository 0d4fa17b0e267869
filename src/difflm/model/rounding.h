// Roundings: points [B,T,D] -> logits [B,T,V]; the token with the largest logit is chosen. A family.
#pragma once

#include "difflm/core/family.h"
#include "difflm/nn/kernel_user.h"
#include "difflm/nn/row_products.h"
#include "difflm/nn/torch.h"

namespace difflm {

struct RoundingShape {
  int64_t vocabulary = 0;
  int64_t dimension = 0;
};

class Rounding : public torch::nn::Module, public KernelUser {
 public:
  // Unnormalised log-probabilities: points [...,D], table [V,D] -> [...,V].
  virtual Tensor logits(const Tensor& points, const Tensor& table) = 0;

  // Nats of `tokens` [...] int64 under softmax(logits): points [...,D] -> [...].
  virtual Tensor cross_entropy(const Tensor& points, const Tensor& table, const Tensor& tokens);

  // The mean embedding softmax(logits / temperature) . table, [...,D] -> [...,D].
  virtual Tensor expectation(const Tensor& points, const Tensor& table, double temperature);

  struct Rounded {
    Tensor tokens;       // [...] int64
    Tensor probability;  // [...] float32, of those tokens under softmax(logits)
  };
  // The most probable token of each point, [...,D]. Without gradient.
  virtual Rounded round(const Tensor& points, const Tensor& table);

  // The mean embedding of words with probabilities [...,V], [...,D].
  Tensor mean(const Tensor& probabilities, const Tensor& table) { return mean_(probabilities, table); }

  // Before the first step of training: the log unigram probabilities of the training text, [V] float32.
  virtual void begin_with(const Tensor& /*log_prior*/) {}

  // From now on `tokens` are as good as impossible; none: all are possible. For sampling, where a text must not hold <unk>.
  void rule_out(const std::vector<int64_t>& tokens, const Tensor& table);

  void use_kernels(std::optional<Instructions>) override {}

 protected:
  // To be added to the logits, [V]; undefined: nothing.
  const Tensor& penalty() const { return penalty_; }
  Tensor multiply(const Tensor& points, const Tensor& rows) { return multiply_(points, rows); }
  Tensor with_penalty(const Tensor& logits) const { return penalty_.defined() ? logits + penalty_ : logits; }
  virtual void penalty_changed() {}

 private:
  RowProducts multiply_;
  RowProducts mean_;
  Tensor penalty_;
};

using RoundingFamily = Family<Rounding, RoundingShape>;
const RoundingFamily& roundings();  // model.rounding

}  // namespace difflm
