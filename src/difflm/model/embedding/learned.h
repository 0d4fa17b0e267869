// Tables that start from random numbers: learned with the diffusion, or left as they are.
#pragma once

#include "difflm/model/embedding_space.h"

namespace difflm {

struct RandomTableOptions {
  int64_t dimension = 64;
  double init = 1;
  void describe(OptionVisitor& visitor) {
    visitor.field("dimension", dimension, "D, the size of a token's vector", {1, 16384});
    visitor.field("init", init, "standard deviation at the start, before the norm rule", {1e-6, 10});
  }
};

class LearnedEmbedding : public EmbeddingSpace {
 public:
  using Options = RandomTableOptions;

  LearnedEmbedding(const Options& options, const EmbeddingSource& source) : EmbeddingSpace(source.norm) {
    table_ = register_parameter("table", torch::randn({source.tokenizer->size(), options.dimension}) * options.init);
  }

  int64_t dimension() const override { return table_.size(1); }

 protected:
  Tensor rows() override { return table_; }

 private:
  Tensor table_;  // [V,D]
};

class RandomEmbedding : public EmbeddingSpace {
 public:
  using Options = RandomTableOptions;

  RandomEmbedding(const Options& options, const EmbeddingSource& source) : EmbeddingSpace(source.norm) {
    table_ = register_buffer("table", torch::randn({source.tokenizer->size(), options.dimension}) * options.init);
  }

  int64_t dimension() const override { return table_.size(1); }

 protected:
  Tensor rows() override { return table_; }

 private:
  Tensor table_;  // [V,D]
};

}  // namespace difflm
