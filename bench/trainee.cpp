#include "trainee.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "difflm/data/prepared.h"
#include "difflm/model/runtime.h"

namespace difflm::bench {
namespace {

constexpr int64_t kDimension = 128;  // of the embeddings, the default of model.learned

}  // namespace

std::string Size::name() const { return fmt::format("{} x {}, {} x {}", layers, width, batch, length); }

std::string Size::toml() const {
  const bool gaussian = noise == "gaussian";
  return fmt::format(
      "[data]\nlength = {}\n[data.word]\nmin_count = 1\n[model]\nscale = 0.25\ncontext_free = {}\n[model.learned]\ndimension = {}\n"
      "[model.transformer]\nlayers = {}\nwidth = {}\nheads = {}\n[noise]\nprocess = \"{}\"\nschedule = \"{}\"\n"
      "times = \"stratified\"\n[loss]\nclean_context = 0.5\n",
      length, gaussian, kDimension, layers, width, width / 64, noise, gaussian ? "sqrt" : "log-linear");
}

std::shared_ptr<const Tokenizer> made_up_tokenizer(int64_t vocabulary) {
  std::vector<std::string> words;
  for (int64_t id = kSpecialTokens; id < vocabulary; ++id) {
    std::string& word = words.emplace_back();
    for (int64_t rest = id; rest > 0; rest /= 26) word += static_cast<char>('a' + rest % 26);
  }
  Config config;
  config.read_toml("[data.word]\nmin_count = 1\n", "bench");
  std::shared_ptr<const Tokenizer> tokenizer = train_tokenizer("word", config, words);
  if (tokenizer->size() != vocabulary) {
    throw failure("bench", fmt::format("the made-up tokenizer has {} tokens, expected {}", tokenizer->size(), vocabulary));
  }
  return tokenizer;
}

Trainee::Trainee(const std::string& toml, const Way& way, std::shared_ptr<const Tokenizer> tokenizer, const Tensor& unigrams)
    : tokenizer_(std::move(tokenizer)) {
  config_.read_toml(toml, "bench");
  config_.read_toml(runtime_toml(way), "bench");
  const int64_t length = read_options<DataOptions>(config_, "data").length;
  const auto model = build_model({.config = &config_, .tokenizer = tokenizer_.get(), .max_length = length}, 1);
  model_ = std::dynamic_pointer_cast<DiffusionModel>(model);
  use_runtime(read_options<RuntimeOptions>(config_, "runtime"), *model);
  parameters_ = std::make_unique<FlatParameters>(*model);
  optimizer_ = std::make_unique<Optimizer>(*parameters_, read_options<OptimizerOptions>(config_, "train"));
  TrainingRun run;
  run.config = config_;
  run.model = model;
  run.packing = packings().make("bucket", config_);
  run.length = length;
  objective_ = make_objective(run, unigrams);
  model->train();
}

Trainee::Trainee(const Size& size, const Way& way)
    : Trainee(size.toml(), way, made_up_tokenizer(size.vocabulary), torch::ones({size.vocabulary})) {
  torch::manual_seed(3);
  random_tokens_ = torch::randint(kSpecialTokens, size.vocabulary, {size.batch, size.length}, torch::kInt64);
}

double Trainee::step(const BatchParts& batch, double factor) {
  const uint64_t seed = stream_seed(1, "step", static_cast<uint64_t>(steps_));
  torch::manual_seed(seed);  // dropout
  parameters_->gradients().zero_();
  const Tensor loss = objective_->training(batch, steps_, seed).total;
  loss.backward();
  optimizer_->step(factor);
  ++steps_;
  return loss.item<double>();
}

// In a block, a token meets 12 width^2 weights (four matrices of attention, two of four times that in the feed-forward part), two
// operations each, and `length` keys and values of `width` channels.
double block_operations(const Size& size) {
  const auto width = static_cast<double>(size.width);
  const double token = 24 * width * width + 4 * width * static_cast<double>(size.length);
  return static_cast<double>(size.tokens() * size.layers) * token;
}

// Forward once for all rows and once more for the half that is self-conditioned; backward is twice the forward: 3.5 times the
// network. The cross-entropy needs its logits forward and twice backward; the mean embedding of the self-conditioned half and the
// context-free one of each forward pass need logits and their product with the table. What is recomputed to save memory is not
// counted, nor are time embedding and element-wise work.
double step_operations(const Size& size) {
  const auto tokens = static_cast<double>(size.tokens());
  constexpr int64_t kInputs = 3 * kDimension + 1;  // latent, self-conditioning, context-free estimate, the flag of given tokens
  const double ends = tokens * 2 * static_cast<double>(size.width * (kInputs + kDimension));
  const double logits = tokens * 2 * static_cast<double>(size.vocabulary * kDimension);
  return 3.5 * (block_operations(size) + ends) + 3 * logits + (0.5 + 1.5) * 2 * logits;
}

}  // namespace difflm::bench
