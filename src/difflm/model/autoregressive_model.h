// The autoregressive model: a causal transformer that predicts each token from those before it. Baseline, and fluency judge.
#pragma once

#include <memory>

#include "difflm/data/batches.h"
#include "difflm/model/writer.h"
#include "difflm/nn/fused_softmax_head.h"
#include "difflm/nn/row_products.h"
#include "difflm/nn/kernel_user.h"
#include "difflm/nn/transformer.h"

namespace difflm {

class AutoregressiveModel : public Writer, public KernelUser {
 public:
  struct Options {
    int64_t width = 256;
    int64_t layers = 4;
    int64_t heads = 4;
    double dropout = 0.1;
    void describe(OptionVisitor& visitor);
  };

  AutoregressiveModel(const Options& options, const ModelSource& source);

  bool writes_word_by_word() const override { return true; }

  // Logits of the next token: inputs [B,T] int64, T <= max_length + 1 -> [B,T,V]. `labels` [B,L] float32, 1 for each label that the
  // text should have, or undefined.
  Tensor logits(const Tensor& inputs, const Tensor& labels = {});

  // Nats of `targets` [B,T], the tokens after `inputs` [B,T], 0 where a target is -100 -> [B,T] float32. Differentiable; the logits
  // of all tokens are never held together.
  Tensor nats(const Tensor& inputs, const Tensor& targets, const Tensor& labels = {});

  // The same as `logits` for uncertain tokens, each read as its mean embedding: probabilities [B,T,V] -> [B,T,V]. Differentiable in
  // them.
  Tensor logits_of_probabilities(const Tensor& words);

  // Those after the last token alone, [B,T] -> [B,V].
  Tensor next_logits(const Tensor& inputs, const Tensor& labels = {});

  // The state after each token, [B,T] -> [B,T,H].
  Tensor states(const Tensor& inputs);

  int64_t max_length() const { return max_length_; }
  std::shared_ptr<LabelEmbedding> label_embedding() const override { return labels_; }
  void use_kernels(std::optional<Instructions> level) override;

 private:
  Tensor embedded(const Tensor& inputs, const Tensor& labels);  // [B,T] -> [B,T,H]
  Tensor hidden(const Tensor& embedded);                        // [B,T,H] -> [B,T,H]

  int64_t max_length_;
  torch::nn::Embedding embedding_{nullptr};
  std::shared_ptr<LabelEmbedding> labels_;  // null: none
  std::shared_ptr<PositionSum> position_;
  std::shared_ptr<Transformer> blocks_;
  std::unique_ptr<FusedSoftmaxHead> fused_;  // null: LibTorch's operators
  Tensor no_bias_;                           // [V] zeros
  RowProducts multiply_;
};

// What an autoregressive model reads, and has to predict, for a batch of sequences.
struct NextTokens {
  Tensor inputs;   // [B,T] starting with START
  Tensor targets;  // [B,T] the token after each input, -100 where nothing is scored
};

// framed: START w1 .. END -> w1 .. END, PAD unscored; whole: START and END are added; stream: START is prepended.
NextTokens next_tokens(const Tensor& sequences, Frame frame);

// The same for a batch whose rows may be parts of texts: the first token of a part that goes on is not scored, as it does not
// follow START, nor is END after a part that is continued.
NextTokens next_tokens(const Batch& batch, Frame frame);

}  // namespace difflm
