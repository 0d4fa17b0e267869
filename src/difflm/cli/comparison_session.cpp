#include "difflm/cli/comparison_session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "difflm/cli/code_version.h"
#include "difflm/cli/configuration.h"
#include "difflm/cli/console.h"
#include "difflm/cli/evaluation_session.h"
#include "difflm/cli/training_session.h"
#include "difflm/comparison/jobs.h"
#include "difflm/comparison/results.h"
#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/core/random.h"
#include "difflm/core/usable_processors.h"
#include "difflm/data/packing.h"
#include "difflm/data/prepared.h"
#include "difflm/model/language_model.h"
#include "difflm/settings/catalogue.h"
#include "difflm/training/trainer.h"

namespace difflm {
namespace {

// Reads each corpus once.
class CorpusHashes {
 public:
  uint64_t of(const Config& config) {
    const std::string key = config.section("data").to_toml();
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    return known_[key] = hash_text(corpus_hash(read_options<DataOptions>(config, "data"), config));
  }

 private:
  std::map<std::string, uint64_t> known_;
};

Config read_experiment_words(const std::vector<std::string>& overrides) {
  const SortedWords sorted = sort_words(overrides);
  check_no_others(sorted);
  return read_overrides(sorted);
}

std::string name_of(const PlannedRun& run) { return fmt::format("{}, seed {}", text_of(run.choice), run.seed); }

std::string budget_of(const Config& config) {
  const auto options = read_options<TrainOptions>(config, "train");
  if (options.minutes > 0 && options.steps > 0) return fmt::format("{:g} min or {} steps", options.minutes, options.steps);
  return options.minutes > 0 ? fmt::format("{:g} min", options.minutes) : fmt::format("{} steps", options.steps);
}

struct ModelSize {
  int64_t parameters = 0;
  double tokens = 0;  // per sequence, on average
};

// The size of each configuration's model; no file is left.
class ModelSizes {
 public:
  ModelSizes() { make_folder(folder_.string()); }
  ~ModelSizes() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ModelSizes(const ModelSizes&) = delete;
  ModelSizes& operator=(const ModelSizes&) = delete;

  ModelSize of(const Config& config) {
    const auto options = read_options<DataOptions>(config, "data");
    const PreparedData& data = prepared(config, options);
    ModelSize size;
    const auto model = build_model(
        {.config = &config, .tokenizer = data.tokenizer.get(), .max_length = options.length, .labels = data.facts.labels}, 0);
    size.parameters = model->parameter_count();
    const auto sequences = make_packing(options, config, *data.tokenizer)->pack(data.training, options.length, 0, nullptr);
    for (const auto& sequence : sequences)
      size.tokens += static_cast<double>(sequence.tokens.size()) / static_cast<double>(sequences.size());
    return size;
  }

 private:
  const PreparedData& prepared(const Config& config, const DataOptions& options) {
    const std::string key = config.section("data").to_toml();
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    if (!options.prepared.empty()) return known_[key] = open_prepared(options.prepared);
    const std::string folder = (folder_ / std::to_string(known_.size())).string();
    prepare_data(options, config, folder);
    return known_[key] = open_prepared(folder);
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / fmt::format("difflm-plan-{}", getpid());
  std::map<std::string, PreparedData> known_;
};

// What exists so far of a plan that may not have been written yet.
Results found_so_far(const Plan& plan, const ExperimentFolder& folder) {
  Results results;
  results.plan = plan;
  for (const auto& run : plan.runs) results.runs.push_back(read_result(folder, plan.experiment, run));
  return results;
}

constexpr double kAssumedRate = 0.3e12;  // FLOP/s in training: two cores with bfloat16 products, a small model

// FLOP/s of the finished runs' training; kAssumedRate where there are none.
double training_rate(const Results& results) {
  double flops = 0;
  double seconds = 0;
  for (const auto& run : results.runs) {
    if (run.evaluations.empty()) continue;
    const auto& evaluation = run.evaluations.begin()->second;
    const Json::json_pointer cost("/model/cost");
    if (!evaluation.contains(cost)) continue;
    flops += evaluation.at(cost).value("training_flops", 0.0);
    seconds += evaluation.at(cost).value("training_seconds", 0.0);
  }
  return flops > 0 && seconds > 0 ? flops / seconds : kAssumedRate;
}

double expected_minutes(const Config& config, const ModelSize& size, double rate) {
  const auto options = read_options<TrainOptions>(config, "train");
  const double flops = 6.0 * static_cast<double>(size.parameters) * size.tokens *
                       static_cast<double>(options.steps * options.batch * options.accumulate);
  const double by_steps = flops / rate / 60;
  if (options.steps == 0) return options.minutes;
  return options.minutes > 0 ? std::min(options.minutes, by_steps) : by_steps;
}

// The last lines of a log, for a failure.
std::string end_of(const std::string& log) {
  constexpr size_t kCharacters = 600;
  const std::string text = std::filesystem::exists(log) ? read_text_file(log) : "";
  const size_t begin = text.size() < kCharacters ? 0 : text.find('\n', text.size() - kCharacters);
  return begin == std::string::npos ? text : text.substr(begin);
}

std::string own_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

}  // namespace

Plan make_plan(const ComparisonRequest& request) {
  Plan plan;
  plan.experiment = read_experiment(request.experiment);
  for (const auto& word : request.overrides) {
    if (word.find('=') == std::string::npos) throw usage_error("compare", fmt::format("'{}' is not key=value", word));
    plan.experiment.base.push_back(word);
  }
  if (request.smoke) make_smoke(plan.experiment);
  plan.code = code_version();
  CorpusHashes hashes;
  plan.runs = plan_runs(
      plan.experiment, [](const std::vector<std::string>& overrides) { return resolve(read_experiment_words(overrides)); },
      [&](const Config& config) { return hashes.of(config); }, plan.code);
  return plan;
}

std::string dry_run(const Plan& plan, const ExperimentFolder& folder) {
  const Results results = found_so_far(plan, folder);
  const double rate = training_rate(results);
  ModelSizes sizes;
  std::string text = fmt::format("{}\n\n", plan.experiment.question);
  double minutes = 0;
  int64_t missing = 0;
  for (const auto& run : plan.runs) {
    const bool done = folder.is_done(run, plan.experiment);
    const ModelSize size = sizes.of(run.config);
    const double expected = expected_minutes(run.config, size, rate);
    text += fmt::format("{}  {:<8} {:>6.2f} M parameters  {:<12} about {:>5.1f} min  {}\n", run.address, done ? "done" : "missing",
                        static_cast<double>(size.parameters) / 1e6, budget_of(run.config), expected, name_of(run));
    if (done) continue;
    ++missing;
    minutes += expected;
  }
  text += fmt::format("\n{} runs, {} missing; {} sampling settings of {} texts each\n", plan.runs.size(), missing,
                      plan.experiment.samplings.size(), plan.experiment.samples);
  text += fmt::format(
      "about {:.0f} minutes of training are left, one run at a time (budgets in steps: at {:.2g} TFLOP/s, {}); sampling and "
      "judging come on top\n",
      minutes, rate / 1e12, rate == kAssumedRate ? "assumed" : "as measured on the finished runs");
  return text;
}

std::vector<std::string> run_command(const PlannedRun& run, const ExperimentFolder& folder) {
  return {"difflm", "compare", "run", folder.path(), run.address};
}

void make_run(const ExperimentFolder& folder, const std::string& address, int64_t threads) {
  const Plan plan = folder.read();
  const auto found = std::find_if(plan.runs.begin(), plan.runs.end(), [&](const auto& run) { return run.address == address; });
  if (found == plan.runs.end())
    throw usage_error(folder.path(), fmt::format("has no run {}", address), "`difflm compare plan` lists them");
  if (plan.code != code_version()) {
    throw usage_error(folder.path(), fmt::format("was planned for code {}, and this is {}", plan.code, code_version()),
                      "plan again with the same command as before: runs of other code are kept apart");
  }
  const PlannedRun& run = *found;
  std::vector<std::string> runtime;
  if (threads > 0) runtime.push_back(fmt::format("runtime.threads={}", threads));
  // Where `compare` was killed, its last run may still be in the making: two processes must not train it.
  const FolderLock lock(folder.run(run), [&] { print_message("another process makes this run; waiting until it is done"); });
  if (folder.is_done(run, plan.experiment)) return;
  std::filesystem::remove(folder.failure_note(run));
  train_with_progress({.folder = folder.model(run), .toml = run.config.to_toml(), .settings = runtime});

  const auto& experiment = plan.experiment;
  for (const auto& sampling : experiment.samplings) {
    const std::string json = folder.evaluation(run, experiment, sampling);
    if (std::filesystem::exists(json) && std::filesystem::file_size(json) > 0) continue;
    EvaluationRequest request;
    request.run = folder.model(run);
    request.count = experiment.samples;
    request.seed = static_cast<uint64_t>(run.seed);
    request.settings = sampling.overrides;
    const auto& metrics = experiment.metrics;
    if (!metrics.empty()) request.settings.push_back("evaluation.metrics=" + to_text(Json(metrics)));
    request.settings.insert(request.settings.end(), runtime.begin(), runtime.end());
    request.use_judge = metrics.empty() || std::find(metrics.begin(), metrics.end(), "judge_perplexity") != metrics.end();
    request.describe_model = &sampling == &experiment.samplings.front();
    evaluate_with_progress(request, json, folder.texts(run, experiment, sampling));
  }
}

int64_t make_missing_runs(const Plan& plan, const ExperimentFolder& folder, int64_t jobs) {
  std::vector<const PlannedRun*> missing;
  for (const auto& run : plan.runs) {
    if (!folder.is_done(run, plan.experiment)) missing.push_back(&run);
  }
  if (missing.empty()) return 0;

  const int64_t cores = usable_processors().count;
  std::vector<Job> queue;
  for (const auto* run : missing) {
    Job job{name_of(*run), run_command(*run, folder), folder.log(*run)};
    job.command.front() = own_program();
    if (jobs > 1) {
      job.command.push_back("--threads");
      job.command.push_back(std::to_string(std::max<int64_t>(1, cores / jobs)));
    }
    queue.push_back(std::move(job));
  }

  const InterruptGuard interrupt;
  ProgressLine progress;
  std::vector<size_t> running;
  size_t ended = 0;
  int64_t failed = 0;
  const double start = seconds_now();
  const auto left = [&] {
    if (ended == 0) return std::string("time left not known yet");
    const double each = (seconds_now() - start) / static_cast<double>(ended);
    return fmt::format("about {} left", duration(each * static_cast<double>(queue.size() - ended)));
  };
  JobEvents events;
  events.interrupted = [&] { return interrupt.interrupted(); };
  events.on_start = [&](size_t job) { running.push_back(job); };
  events.on_wait = [&] {
    std::string names;
    for (const size_t job : running) names += (names.empty() ? "" : " | ") + queue[job].name;
    progress.show(fmt::format("{} of {} runs made, {}; now {}", ended, queue.size(), left(), names));
  };
  events.on_end = [&](size_t job, int code, double seconds) {
    running.erase(std::find(running.begin(), running.end(), job));
    if (code == kInterruptedCode || interrupt.interrupted()) return;
    ++ended;
    if (code == 0) {
      print_message(fmt::format("made {} in {}", queue[job].name, duration(seconds)));
      return;
    }
    ++failed;
    const auto& run = *missing[job];
    replace_file_with_text(folder.failure_note(run), fmt::format("exit code {}\n{}", code, end_of(queue[job].log)));
    print_message(fmt::format("FAILED {} with exit code {}; see {}", queue[job].name, code, queue[job].log));
  };
  run_jobs(queue, jobs, events);
  progress.clear();
  if (interrupt.interrupted()) {
    print_message(fmt::format("stopped with {} of {} runs made; run the same command again to continue", ended, queue.size()));
    throw Interrupted{};
  }
  return failed;
}

}  // namespace difflm
