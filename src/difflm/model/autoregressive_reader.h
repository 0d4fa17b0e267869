// A frozen autoregressive model that reads texts whose tokens are still uncertain, and measures how fluent they are.
//
// It reads uncertain tokens as their mean embedding and scores them by their mean log-probability,
//   L(p) = 1/n sum_i sum_w p_i(w) log q(w | p_1 .. p_(i-1)),
// the log-likelihood of a text where the tokens are certain, and differentiable in all of them where they are not (like the energy
// of COLD, Qin et al. 2022, arXiv 2202.11705). Dull text can drive it up: see experiments/fluency before relying on it.
#pragma once

#include <memory>
#include <string>

#include "difflm/model/autoregressive_model.h"
#include "difflm/model/run_folder.h"

namespace difflm {

class AutoregressiveReader {
 public:
  // The run `folder`. Throws a usage error, for `option`, where it is missing or holds another kind of model.
  AutoregressiveReader(const std::string& folder, const std::string& option);

  // Throws a usage error, for `option`, where the vocabulary or the kind of sequences is not that of `tokenizer` and `packing`.
  void check_reads(const Tokenizer& tokenizer, const Packing& packing, const std::string& option) const;

  // Mean log-likelihood per scored token in nats: probabilities [B,T,V] -> [B]. Sequences are as the packing of the run makes them.
  Tensor log_likelihood(const Tensor& probabilities) const;

  // Log-probability of certain texts with their ends, in nats: sequences [B,T] int64 -> [B] float64 on the CPU.
  Tensor log_probability(const Tensor& tokens) const;

  // Logits of the token after certain ones: inputs [B,T] int64, as AutoregressiveModel::next_logits -> [B,V].
  Tensor next_logits(const Tensor& inputs) const { return model_->next_logits(inputs); }

  const Run& run() const { return run_; }

 private:
  Run run_;
  std::shared_ptr<AutoregressiveModel> model_;  // of the run
};

}  // namespace difflm
