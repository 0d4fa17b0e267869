// Models small enough for tests, over a vocabulary of made-up words.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>

#include "difflm/model/diffusion_model.h"
#include "difflm/model/model_as.h"
#include "difflm/model/model_kind.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm::test {

inline Config config_of(const std::string& toml) {
  Config config;
  config.read_toml(toml, "test.toml");
  return config;
}

// A word tokenizer of `size` ids: the special tokens, then "worde", "wordf", ...
inline std::unique_ptr<Tokenizer> word_tokenizer(Token size) {
  std::vector<std::string> texts;
  for (Token id = kSpecialTokens; id < size; ++id)
    texts.push_back("word" + std::string(1, static_cast<char>('a' + id % 26)) + std::string(static_cast<size_t>(id / 26), 'z'));
  return train_tokenizer("word", config_of("[data.word]\nmin_count = 1\n"), texts);
}

// The names of the kinds of model that write texts.
inline std::vector<std::string> writing_kinds() {
  std::vector<std::string> names;
  for (const auto& kind : model_kinds()) {
    if (kind.writes) names.push_back(kind.name);
  }
  return names;
}

struct SmallModel {
  Config config;
  std::unique_ptr<Tokenizer> tokenizer;
  std::shared_ptr<LanguageModel> model;

  std::shared_ptr<DiffusionModel> shared_diffusion() const { return model_as<DiffusionModel>(model, "small model"); }
  DiffusionModel& diffusion() const { return *shared_diffusion(); }
};

// Small sizes for every network; `toml` comes on top.
inline Config small_config(const std::string& toml) {
  Config config = config_of(
      "[model.learned]\ndimension = 6\n[model.random]\ndimension = 6\n"
      "[model.transformer]\nwidth = 16\nlayers = 1\nheads = 4\n[model.bert]\nwidth = 16\nlayers = 1\nheads = 4\ntime_channels = 8\n"
      "dropout = 0.0\n[model.plain]\nlayers = 1\nfeed_forward = 16\n[model.autoregressive]\nwidth = "
      "16\nlayers = 1\nheads = 4\ndropout = 0.0\n");
  config.read_toml(toml, "test.toml");
  return config;
}

inline SmallModel small_model(const std::string& toml, Token vocabulary = 20, int64_t max_length = 12, uint64_t seed = 1) {
  SmallModel small = {small_config(toml), word_tokenizer(vocabulary), nullptr};
  const std::vector<Label> labels = {{"area", "city"}, {"food", "Greek"}, {"food", "Thai"}};
  small.model =
      build_model({.config = &small.config, .tokenizer = small.tokenizer.get(), .max_length = max_length, .labels = labels}, seed);
  small.model->eval();
  return small;
}

// Draws every parameter again, so that nothing is zero because it starts at zero.
inline void randomise_parameters(torch::nn::Module& module, double stddev = 0.3, uint64_t seed = 9) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(seed);
  for (auto& parameter : module.parameters()) parameter.normal_(0, stddev);
}

inline Tensor parameter_of(const torch::nn::Module& module, const std::string& name) { return module.named_parameters()[name]; }

}  // namespace difflm::test
