// Learned rounding, p(w | x) = softmax(x . e_w + b_w): trained end to end with the diffusion (Diffusion-LM, section 4.2). Tied uses
// the embedding table itself, untied a separate matrix.
#pragma once

#include <cmath>
#include <memory>

#include "difflm/model/rounding.h"
#include "difflm/nn/fused_softmax_head.h"

namespace difflm {

class SoftmaxRounding : public Rounding {
 public:
  struct Options {
    bool unigrams = false;
    void describe(OptionVisitor& visitor) {
      visitor.field(
          "unigrams", unigrams,
          "the bias starts at the log unigram probabilities of the training text, so that rare tokens need not be unlearned");
    }
  };
  SoftmaxRounding(const Options& options, const RoundingShape& shape) : options_(options) {
    const double bound = 1 / std::sqrt(static_cast<double>(shape.dimension));  // as torch's Linear initialises its bias
    bias_ = register_parameter("bias", torch::empty({shape.vocabulary}).uniform_(-bound, bound));
  }

  void begin_with(const Tensor& log_prior) override {
    const torch::NoGradGuard no_grad;
    if (options_.unigrams) bias_.copy_(log_prior);
  }

  Tensor logits(const Tensor& points, const Tensor& table) override { return multiply(points, table.t()) + bias(); }

  Tensor cross_entropy(const Tensor& points, const Tensor& table, const Tensor& tokens) override {
    if (!can_fuse(points, table)) return Rounding::cross_entropy(points, table, tokens);
    return fused_->cross_entropy(points, table, bias(), tokens);
  }

  Tensor expectation(const Tensor& points, const Tensor& table, double temperature) override {
    const bool differentiated = torch::GradMode::is_enabled() && (points.requires_grad() || table.requires_grad());
    if (differentiated || !can_fuse(points, table)) return Rounding::expectation(points, table, temperature);
    return fused_->expectation(points, table, bias(), temperature);
  }

  Rounded round(const Tensor& points, const Tensor& table) override {
    if (!can_fuse(points, table)) return Rounding::round(points, table);
    const auto [tokens, probability] = fused_->round(points, table, bias(), 1);
    return {tokens, probability};
  }

  void use_kernels(std::optional<Instructions> level) override {
    fused_ = level ? std::make_unique<FusedSoftmaxHead>(*level) : nullptr;
  }

 private:
  bool can_fuse(const Tensor& points, const Tensor& table) const { return fused_ && FusedSoftmaxHead::is_supported(points, table); }

  void penalty_changed() override { penalised_ = penalty().defined() ? bias_.detach() + penalty() : Tensor(); }
  const Tensor& bias() const { return penalised_.defined() ? penalised_ : bias_; }

  Options options_;
  std::unique_ptr<FusedSoftmaxHead> fused_;
  Tensor bias_;       // [V]
  Tensor penalised_;  // the same, lower for tokens that are ruled out; undefined where none is
};

class UntiedSoftmaxRounding : public Rounding {
 public:
  using Options = NoOptions;
  UntiedSoftmaxRounding(const Options&, const RoundingShape& shape) {
    head_ = register_module("head", torch::nn::Linear(shape.dimension, shape.vocabulary));
  }

  Tensor logits(const Tensor& points, const Tensor&) override { return with_penalty(head_->forward(points)); }

 private:
  torch::nn::Linear head_{nullptr};
};

}  // namespace difflm
