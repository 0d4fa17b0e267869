// A run in memory whose model has random weights, for tests of what is sampled from it.
#pragma once

#include <string>
#include <vector>

#include "difflm/data/prepared.h"
#include "difflm/sampling/generate.h"
#include "model/small_model.h"

namespace difflm::test {

constexpr int64_t kLength = 12;

// With training texts of 3, 5 and 8 tokens, and of 50, which it has not learned unless `toml` says so (data.long).
inline difflm::Run random_run(const std::string& toml) {
  SmallModel small = small_model(toml, 24, kLength);
  randomise_parameters(*small.model, 0.4);
  difflm::Run run;
  run.config = small.config;
  run.tokenizer = std::move(small.tokenizer);
  if (run.config.find("data.long") == nullptr) run.config.set("data.long", {"leave-out", "test"});
  run.packing = make_packing(read_options<DataOptions>(run.config, "data"), run.config, *run.tokenizer);
  run.model = small.model;
  run.length = kLength;
  run.corpus.training.lengths = {{3, 5}, {5, 3}, {8, 2}, {50, 9}};
  return run;
}

// Makes the special tokens impossible, so that the text shows the length.
inline void forbid_special_tokens(const difflm::Run& run) {
  const torch::NoGradGuard no_grad;
  parameter_of(*run.model, "rounding.bias").narrow(0, 0, kSpecialTokens).fill_(-1e4);
}

inline SamplingOptions few_steps(int64_t batch = 64) {
  SamplingOptions options;
  options.steps = 6;
  options.batch = batch;
  return options;
}

inline SampleRequest request_of(int64_t count, uint64_t seed = 3) {
  SampleRequest request;
  request.count = count;
  request.seed = seed;
  return request;
}

inline std::vector<std::string> texts_of(const std::vector<SampledText>& samples) {
  std::vector<std::string> result;
  for (const auto& sample : samples) result.push_back(sample.text);
  return result;
}

}  // namespace difflm::test
