#include "difflm/evaluation/judge/judge_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <unordered_set>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/core/random.h"
#include "difflm/data/split.h"
#include "difflm/evaluation/cache_folder.h"
#include "difflm/nn/torch.h"
#include "difflm/training/run_setup.h"

namespace difflm {
namespace {

// It splits with another seed than corpora do: all texts that it gets were hashed to the training side before.
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

constexpr size_t kFewestTexts = 8;
constexpr size_t kFewestBytes = 1000;
constexpr double kBytesPerToken = 2.5;  // fewer than in most texts, so that few of those that seem to fit do not
constexpr double kMostLeftOut = 0.05;   // share of texts that may be too long for whole sequences
constexpr double kHeldOut = 0.075;      // of the judge's texts

// Sizes of the corpus that decide how it is trained on.
struct Amount {
  double texts = 0;
  double tokens = 0;  // by the estimate above
  double longer = 0;  // share of texts longer than `length` tokens
};

Amount amount_of(const std::vector<std::string>& training, double length) {
  Amount amount;
  amount.texts = static_cast<double>(training.size());
  for (const auto& text : training) {
    const double tokens = static_cast<double>(text.size()) / kBytesPerToken;
    amount.tokens += tokens;
    amount.longer += tokens > length ? 1 / amount.texts : 0;
  }
  return amount;
}

// How many of the texts a split holds out; of many texts, whatever the seed, enough.
size_t held_out_by(const std::vector<std::string>& training, uint64_t seed) {
  constexpr size_t kMany = 1000;
  if (training.size() > kMany) return training.size();
  std::vector<Document> documents(training.size());
  for (size_t i = 0; i < training.size(); ++i) documents[i].text = training[i];
  try {
    return split_documents(std::move(documents), kHeldOut, seed).validation.size();
  } catch (const Error&) {
    return 0;  // one side is empty
  }
}

// What differs from kJudgeConfig, as TOML; empty for many short texts.
std::string adapted_to(const std::vector<std::string>& training) {
  constexpr double kJudgeLength = 192;  // that of kJudgeConfig
  constexpr double kJudgeBatch = 32;
  constexpr double kEpochsPerValidation = 2;
  constexpr int64_t kSplitSeeds = 1000;
  const Amount amount = amount_of(training, kJudgeLength);
  double sequences = amount.texts;
  double batch = kJudgeBatch;
  std::string data;
  if (amount.longer > kMostLeftOut) {
    // Four windows at least are held out of the stream.
    const double length = std::clamp(std::floor(amount.tokens * kHeldOut / 8), 32.0, 256.0);
    sequences = amount.tokens / length;
    batch = 16;
    data = fmt::format("packing = \"block\"\nlength = {}\n", static_cast<int64_t>(length));
  }
  batch = std::clamp(std::floor(sequences / 4), 1.0, batch);
  const double epoch = sequences * (1 - kHeldOut) / batch;
  const auto validate_every = static_cast<int64_t>(std::clamp(kEpochsPerValidation * epoch, 50.0, 200.0));
  // Whichever seed holds something out: of few texts a hash may hold out none.
  int64_t seed = 1;
  const size_t least = std::max<size_t>(1, static_cast<size_t>(amount.texts * kHeldOut / 2));
  while (seed < kSplitSeeds && held_out_by(training, static_cast<uint64_t>(seed)) < least) ++seed;
  if (seed > 1) data += fmt::format("split_seed = {}\n", seed);
  std::string train;
  if (batch != kJudgeBatch) train += fmt::format("batch = {}\n", static_cast<int64_t>(batch));
  if (validate_every != 200) train += fmt::format("validate_every = {}\n", validate_every);
  return (data.empty() ? "" : "[data]\n" + data) + (train.empty() ? "" : "[train]\n" + train);
}

std::string finished_in(const std::vector<std::string>& caches, const std::string& name) {
  for (const auto& cache : caches) {
    const std::string folder = cache + "/" + name;
    if (is_run(folder) && read_progress(progress_path(folder)).finished) return folder;
  }
  return "";
}

// The run in `folder`, from its last checkpoint on. A folder in which that fails holds what another version began, or what a
// damaged disk left: the judge is then begun again.
TrainingRun set_up_judge(const Config& config, const std::string& folder,
                         const std::function<void(const std::string&)>& on_message) {
  const auto quietly = [](const std::string&) {};
  try {
    return set_up_run(config, folder, quietly);
  } catch (const Error& error) {
    if (!std::filesystem::exists(folder + "/config.toml")) throw;
    on_message(
        fmt::format("the judge begun in {} cannot be continued ({}): it is trained from the start", folder, error.problem()));
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto name = entry.path().filename();
    if (name != ".lock" && name != "corpus.jsonl") std::filesystem::remove_all(entry.path());
  }
  return set_up_run(config, folder, quietly);
}

}  // namespace

std::string why_no_judge(const std::vector<std::string>& training) {
  const std::unordered_set<std::string_view> different(training.begin(), training.end());
  size_t bytes = 0;
  for (const auto& text : different) bytes += text.size();
  if (different.size() >= kFewestTexts && bytes >= kFewestBytes) return "";
  return fmt::format("{} different training texts of {} bytes are too few to train one on, expected at least {} texts and {} bytes",
                     different.size(), bytes, kFewestTexts, kFewestBytes);
}

Config judge_config(const std::vector<std::string>& training, int64_t steps) {
  Config config;
  config.read_toml(kJudgeConfig, "judge");
  config.read_toml(adapted_to(training), "judge");
  config.set("train.steps", {steps, "judge"});
  return config;
}

std::optional<std::string> train_judge(const std::vector<std::string>& training, int64_t steps,
                                       const std::vector<std::string>& caches, const JudgeTraining& events) {
  uint64_t hash = hash_text(fmt::format("{}{}{}", kJudgeConfig, adapted_to(training), steps));
  for (const auto& text : training) hash = scatter(hash ^ hash_text(text));
  const std::string name = fmt::format("judge-{:016x}", hash);
  if (const auto found = finished_in(caches, name); !found.empty()) return found;
  const std::string folder = writable_cache(caches, events.on_message) + "/" + name;
  make_folder(folder);
  // Runs that are judged at once need the same judge: one trains it, the others wait.
  const FolderLock lock(folder,
                        [&] { events.on_message(fmt::format("waiting for another difflm that trains this judge ({})", folder)); });
  if (const auto found = finished_in(caches, name); !found.empty()) return found;
  std::string lines;
  for (const auto& text : training) lines += to_text_replacing(Json{{"text", text}}) + "\n";
  const std::string corpus = folder + "/corpus.jsonl";
  replace_file_with_text(corpus, lines);
  Config config = judge_config(training, steps);
  config.set("data.path", {std::vector<std::string>{corpus}, "judge"});
  config.set("data.corpus", {std::string("jsonl"), "judge"});
  config.set("train.checkpoint_every", {int64_t{100}, "judge"});  // a minute's work at most is lost
  config.set("runtime.threads", {int64_t{torch::get_num_threads()}, "judge"});
  const bool begun = is_run(folder);
  events.on_message(
      fmt::format("{} a judge on {} texts, once (kept in {})", begun ? "going on training" : "training", training.size(), folder));
  const TrainingRun run = set_up_judge(config, folder, events.on_message);
  bool goes_on = true;
  TrainEvents training_events;
  training_events.on_validation = [&](int64_t step, const ValidationLoss& loss) {
    events.on_message(fmt::format("judge: step {}, held-out loss {:.3f} nats/token", step, loss.loss));
  };
  training_events.on_step = [&](const TrainEvents::Step& step) { goes_on = !events.on_step || events.on_step(step); };
  training_events.stop = [&] { return !goes_on; };
  if (train(run, training_events).end != TrainOutcome::End::interrupted) return folder;
  events.on_message(fmt::format("stopped at step {} of the judge's training, which is kept: the same evaluation goes on from there",
                                read_progress(progress_path(folder)).step));
  return std::nullopt;
}

}  // namespace difflm
