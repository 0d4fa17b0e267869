// A diffusion model in training, computed in one of the three ways: what `difflm train` does in a step, without its logging.
#pragma once

#include <memory>
#include <string>

#include "difflm/core/config.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/tokenizers/tokenizer.h"
#include "difflm/training/flat_parameters.h"
#include "difflm/training/objective.h"
#include "difflm/training/optimizer.h"
#include "way.h"

namespace difflm::bench {

// The configuration of a model for speed tests: difflm's recipe, heads of 64 channels.
struct Size {
  int64_t layers = 6;
  int64_t width = 256;
  int64_t batch = 64;
  int64_t length = 64;
  int64_t vocabulary = 800;
  std::string noise = "gaussian";

  int64_t tokens() const { return batch * length; }
  std::string name() const;  // "6 x 256, 64 x 64": layers x width, batch x length
  std::string toml() const;
};

// A tokenizer of `vocabulary` made-up words.
std::shared_ptr<const Tokenizer> made_up_tokenizer(int64_t vocabulary);

class Trainee {
 public:
  // `unigrams`: how often each token occurs in training.
  Trainee(const std::string& toml, const Way& way, std::shared_ptr<const Tokenizer> tokenizer, const Tensor& unigrams);
  Trainee(const Size& size, const Way& way);  // with a made-up vocabulary

  // One step on `batch`; `factor` scales the learning rate. Returns the loss.
  double step(const BatchParts& batch, double factor);

  // The same on random tokens, at a small learning rate: the loss hardly changes, the time is that of any step.
  void step() { step({{random_tokens_, random_tokens_.numel()}}, 0.1); }

  DiffusionModel& model() { return *model_; }
  const Config& config() const { return config_; }

 private:
  Config config_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::shared_ptr<DiffusionModel> model_;
  std::unique_ptr<FlatParameters> parameters_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<Objective> objective_;
  Tensor random_tokens_;  // [B,T] int64
  int64_t steps_ = 0;
};

// Multiplications and additions of the matrix products in a training step of a model of `size`.
double step_operations(const Size& size);

// The same of its blocks alone, forward.
double block_operations(const Size& size);

}  // namespace difflm::bench
