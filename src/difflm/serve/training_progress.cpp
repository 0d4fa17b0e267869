#include "difflm/serve/training_progress.h"

#include <algorithm>
#include <filesystem>

#include "difflm/core/config.h"
#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/serve/growing_log.h"

namespace difflm {
namespace {

constexpr int64_t kLastBytes = 1 << 14;  // of the metrics, some dozen lines

double number_at(const Config& config, const std::string& key) {
  const ConfigValue* value = config.find(key);
  if (value == nullptr) return 0;
  if (const auto* number = std::get_if<double>(&value->data)) return *number;
  if (const auto* number = std::get_if<int64_t>(&value->data)) return static_cast<double>(*number);
  return 0;
}

template <class Number>
std::optional<Number> number_at(const Json& json, const char* key) {
  if (!json.is_object() || !json.contains(key) || !json.at(key).is_number()) return std::nullopt;
  return json.at(key).get<Number>();
}

// A configuration that is just being written, or damaged, says nothing; the run's own command reports it.
void read_budget(const std::string& folder, TrainingProgress& progress) {
  Config config;
  try {
    if (std::filesystem::exists(folder + "/config.toml")) config.read_file(folder + "/config.toml");
  } catch (const Error&) {
    return;
  }
  progress.steps = static_cast<int64_t>(number_at(config, "train.steps"));
  progress.minutes = number_at(config, "train.minutes");
}

void read_metrics(const std::string& folder, TrainingProgress& progress) {
  for (const auto& line : last_lines(metrics_path(folder), kLastBytes)) {
    progress.logged = true;
    if (const auto step = number_at<int64_t>(line, "step")) progress.step = *step;
    if (const auto seconds = number_at<double>(line, "seconds")) progress.seconds = *seconds;
    if (const auto speed = number_at<double>(line, "tokens_per_second")) progress.tokens_per_second = speed;
  }
}

// Returns whether the checkpoint says that the budget is spent.
bool read_checkpoint(const std::string& folder, TrainingProgress& progress) {
  Json state;
  try {
    state = try_parse_json(read_text_file(checkpoint_state_path(folder)));
  } catch (const Error&) {
    return false;  // there is none yet
  }
  progress.checkpoint = number_at<int64_t>(state, "step");
  progress.best_step = number_at<int64_t>(state, "best_step").value_or(-1);
  if (progress.best_step >= 0) progress.best_loss = number_at<double>(state, "best_loss");
  progress.step = std::max(progress.step, progress.checkpoint.value_or(0));
  progress.seconds = std::max(progress.seconds, number_at<double>(state, "seconds").value_or(0));
  return state.is_object() && state.contains("finished") && state.at("finished") == true;
}

}  // namespace

std::optional<double> TrainingProgress::seconds_left() const {
  if (state != State::running || share <= 0 || seconds <= 0) return std::nullopt;
  return seconds * (1 - share) / share;
}

const char* name_of(TrainingProgress::State state) {
  switch (state) {
    case TrainingProgress::State::running:
      return "running";
    case TrainingProgress::State::stopped:
      return "stopped";
    case TrainingProgress::State::finished:
      return "finished";
  }
  return "";
}

TrainingProgress read_training_progress(const std::string& folder) {
  TrainingProgress progress;
  const bool running = is_locked(folder);  // first: what is read afterwards is at least as new
  read_budget(folder, progress);
  read_metrics(folder, progress);
  const bool spent = read_checkpoint(folder, progress);
  using State = TrainingProgress::State;
  progress.state = running ? State::running : spent ? State::finished : State::stopped;
  const double by_steps = progress.steps > 0 ? static_cast<double>(progress.step) / static_cast<double>(progress.steps) : 0;
  const double by_time = progress.minutes > 0 ? progress.seconds / (60 * progress.minutes) : 0;
  progress.share = std::clamp(std::max(by_steps, by_time), 0.0, 1.0);
  return progress;
}

std::string metrics_path(const std::string& folder) { return folder + "/metrics.jsonl"; }
std::string samples_path(const std::string& folder) { return folder + "/samples.jsonl"; }
std::string checkpoint_state_path(const std::string& folder) { return folder + "/checkpoint/state.json"; }

}  // namespace difflm
