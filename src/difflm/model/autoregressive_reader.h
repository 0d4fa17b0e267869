// A frozen autoregressive model that reads texts whose words are still uncertain, and says how fluent they are.
//
// Uncertain words are shown to it as their mean embedding and scored by their mean log-probability,
//   L(p) = 1/n sum_i sum_w p_i(w) log q(w | p_1 .. p_(i-1)),
// the log-likelihood of a text where the words are sure, and differentiable in all of them where they are not (as the energy of
// COLD, Qin et al. 2022, arXiv 2202.11705). It can be driven up by dullness: see experiments/fluency before relying on it.
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

  // Throws a usage error, for `option`, where the words or the kind of sequences are not those of `tokenizer` and `packing`.
  void check_reads(const Tokenizer& tokenizer, const Packing& packing, const std::string& option) const;

  // Mean nats a scored token, of probabilities [B,T,V] -> [B]. Sequences as the packing of the run makes them.
  Tensor log_likelihood(const Tensor& probabilities) const;

  // Scores of the word behind sure ones: inputs [B,T] int64, as AutoregressiveModel::next_logits -> [B,V].
  Tensor next_logits(const Tensor& inputs) const { return model_->next_logits(inputs); }

  const Run& run() const { return run_; }

 private:
  Run run_;
  std::shared_ptr<AutoregressiveModel> model_;  // of the run
};

}  // namespace difflm
