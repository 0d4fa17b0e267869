// Embedding spaces: the table E [V,D] whose rows the diffusion noises. A family.
//
// Every variant obeys a norm rule, since a free table escapes its loss: under a regression loss rows shrink together (all equal
// rows are a perfect answer), under cross-entropy they grow until noise no longer matters (landscape of CDCD, Plaid,
// Difformer).
#pragma once

#include "difflm/core/family.h"
#include "difflm/nn/safetensors.h"
#include "difflm/nn/torch.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

struct NormRule {
  std::string name = "unit";               // none | unit
  double scale = 1;                        // unit: rows have a root mean square of `scale`
  Tensor apply(const Tensor& rows) const;  // [V,D] -> [V,D]
  static const std::vector<std::string>& names();
};

// What a table is made of: a vocabulary (and, for pre-trained ones, its spellings) or the tensors of a saved model.
struct EmbeddingSource {
  const Tokenizer* tokenizer = nullptr;
  const NamedTensors* saved = nullptr;  // names begin with "space."; pre-trained files are not read again
  NormRule norm;
};

class EmbeddingSpace : public torch::nn::Module {
 public:
  explicit EmbeddingSpace(NormRule norm) : norm_(std::move(norm)) {}

  Tensor table() { return norm_.apply(rows()); }  // [V,D]
  virtual int64_t dimension() const = 0;

  // What the user should know, for instance how many tokens a pre-trained file lacked; empty where there is nothing.
  virtual std::string note() const { return {}; }

 protected:
  virtual Tensor rows() = 0;  // [V,D] before the norm rule

 private:
  NormRule norm_;
};

using EmbeddingFamily = Family<EmbeddingSpace, const EmbeddingSource&>;
const EmbeddingFamily& embedding_spaces();  // model.embedding

}  // namespace difflm
