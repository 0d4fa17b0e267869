#include "difflm/evaluation/judge/autoregressive_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <span>

#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/core/random.h"
#include "difflm/model/model_as.h"
#include "difflm/text/words.h"
#include "difflm/training/run_setup.h"

namespace difflm {
namespace {

constexpr size_t kScoringBatch = 64;

// Small enough for minutes on two cores; stopped when its own held-out loss rises. It splits with another seed than corpora do: all
// texts that it gets were hashed to the training side before.
constexpr std::string_view kJudgeConfig = R"(
[model]
kind = "autoregressive"
[model.autoregressive]
width = 192
layers = 4
heads = 4
dropout = 0.2
[data]
tokenizer = "bpe"
packing = "bucket"
length = 192
split_seed = 1
[data.bpe]
vocab_size = 1024
[train]
batch = 32
learning_rate = 1.5e-3
schedule = "cosine"
warmup = 100
validate_every = 200
validation_sequences = 512
checkpoint_every = 500
sample_every = 0
patience = 2
trackers = ["jsonl"]
)";

}  // namespace

AutoregressiveJudge::AutoregressiveJudge(const std::string& folder)
    : run_(open_run(folder)), model_(model_as<AutoregressiveModel>(run_.model, folder)) {
  RuntimeOptions runtime;
  runtime.threads = torch::get_num_threads();  // those of the evaluation, whatever the judge was trained with
  use_runtime(runtime, *model_);
  name_ = fmt::format("autoregressive, {:.1f}M parameters, held-out loss {:.3f} nats/token",
                      static_cast<double>(model_->parameter_count()) / 1e6, run_.progress.best_loss);
}

std::vector<AutoregressiveJudge::Window> AutoregressiveJudge::windows_of(const std::vector<std::string>& texts) const {
  const auto limit = static_cast<size_t>(model_->max_length());
  std::vector<Window> windows;
  for (size_t i = 0; i < texts.size(); ++i) {
    std::vector<Token> tokens = run_.tokenizer->encode(texts[i]);
    tokens.insert(tokens.begin(), kStart);
    tokens.push_back(kEnd);
    for (size_t at = 0; at + 1 < tokens.size(); at += limit) {
      const size_t end = std::min(tokens.size() - 1, at + limit);
      const auto from = tokens.begin() + static_cast<std::ptrdiff_t>(at);
      const auto to = tokens.begin() + static_cast<std::ptrdiff_t>(end);
      windows.push_back({i, {from, to}, {from + 1, to + 1}});
    }
  }
  return windows;
}

template <class Visit>
void AutoregressiveJudge::for_each_batch(std::vector<Window> windows, Visit visit) const {
  const torch::NoGradGuard no_grad;
  const torch::Device device = model_->parameters().front().device();
  std::stable_sort(windows.begin(), windows.end(), [](const auto& a, const auto& b) { return a.inputs.size() < b.inputs.size(); });
  for (size_t at = 0; at < windows.size(); at += kScoringBatch) {
    const std::span<const Window> batch(windows.data() + at, std::min(kScoringBatch, windows.size() - at));
    const auto length = static_cast<int64_t>(batch.back().inputs.size());
    Tensor inputs = torch::full({static_cast<int64_t>(batch.size()), length}, kEnd, torch::kInt64);
    for (size_t row = 0; row < batch.size(); ++row) {
      std::copy(batch[row].inputs.begin(), batch[row].inputs.end(), inputs[static_cast<int64_t>(row)].data_ptr<int64_t>());
    }
    visit(batch, inputs.to(device));
  }
}

std::vector<Judge::Score> AutoregressiveJudge::score(const std::vector<std::string>& texts) const {
  std::vector<Score> scores(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) scores[i].tokens = static_cast<int64_t>(split_words(texts[i]).size()) + 1;
  for_each_batch(windows_of(texts), [&](std::span<const Window> batch, const Tensor& inputs) {
    Tensor targets = torch::full(inputs.sizes(), -100, torch::kInt64);
    for (size_t row = 0; row < batch.size(); ++row) {
      std::copy(batch[row].targets.begin(), batch[row].targets.end(), targets[static_cast<int64_t>(row)].data_ptr<int64_t>());
    }
    const Tensor logits = model_->logits(inputs);
    const Tensor nats =
        torch::cross_entropy_loss(logits.flatten(0, 1), targets.to(inputs.device()).flatten(), {}, at::Reduction::None, -100)
            .view_as(targets)
            .to(torch::kCPU, torch::kFloat64)
            .sum(1);
    for (size_t row = 0; row < batch.size(); ++row) {
      scores[batch[row].text].nats += nats[static_cast<int64_t>(row)].item<double>();
    }
  });
  return scores;
}

std::vector<std::vector<float>> AutoregressiveJudge::features(const std::vector<std::string>& texts) const {
  std::vector<Window> last;  // of each text
  for (auto& window : windows_of(texts)) {
    if (!last.empty() && last.back().text == window.text) last.pop_back();
    last.push_back(std::move(window));
  }
  std::vector<std::vector<float>> features(texts.size());
  for_each_batch(std::move(last), [&](std::span<const Window> batch, const Tensor& inputs) {
    const Tensor states = model_->states(inputs).to(torch::kCPU).contiguous();
    for (size_t row = 0; row < batch.size(); ++row) {
      const Tensor state = states[static_cast<int64_t>(row)][static_cast<int64_t>(batch[row].inputs.size()) - 1];
      features[batch[row].text].assign(state.data_ptr<float>(), state.data_ptr<float>() + state.numel());
    }
  });
  return features;
}

std::string cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache != '\0') return std::string(cache) + "/difflm";
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "." : home) + "/.cache/difflm";
}

std::string train_judge(const std::vector<std::string>& training, int64_t steps, const std::string& cache,
                        const std::function<void(const std::string&)>& on_message) {
  uint64_t hash = hash_text(fmt::format("{}{}", kJudgeConfig, steps));
  for (const auto& text : training) hash = scatter(hash ^ hash_text(text));
  const std::string folder = fmt::format("{}/judge-{:016x}", cache, hash);
  make_folder(folder);
  // Runs that are judged at once need the same judge: one trains it, the others wait.
  const FolderLock lock(folder, [&] { on_message(fmt::format("waiting for another difflm that trains this judge ({})", folder)); });
  if (is_run(folder) && read_progress(progress_path(folder)).finished) return folder;
  std::string lines;
  for (const auto& text : training) lines += to_text(Json{{"text", text}}) + "\n";
  const std::string corpus = folder + "/corpus.jsonl";
  replace_file_with_text(corpus, lines);
  Config config;
  config.read_toml(kJudgeConfig, "judge");
  config.set("train.steps", {steps, "judge"});
  config.set("data.path", {std::vector<std::string>{corpus}, "judge"});
  on_message(fmt::format("training a judge on {} texts (kept in {})", training.size(), folder));
  const TrainingRun run = set_up_run(config, folder, on_message);
  TrainEvents events;
  events.on_validation = [&](int64_t step, const ValidationLoss& loss) {
    on_message(fmt::format("judge: step {}, held-out loss {:.3f} nats/token", step, loss.loss));
  };
  train(run, events);
  return folder;
}

}  // namespace difflm
