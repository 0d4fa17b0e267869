// How far the training of a run has come, from what it leaves in its folder: the lock that it holds, its configuration, the last
// lines of its metrics and the state of its checkpoint. Nothing is asked of the process that trains, so any other can watch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace difflm {

struct TrainingProgress {
  enum class State {
    running,   // a process trains it now
    stopped,   // its budget is not spent; the same command goes on
    finished,  // or it has stopped early
  };
  State state = State::stopped;
  int64_t step = 0;
  int64_t steps = 0;    // of the budget; 0: none in steps
  double minutes = 0;   // likewise
  double seconds = 0;   // of training so far
  double share = 0;     // of the budget that is spent, 0 to 1
  bool logged = false;  // there are metrics
  std::optional<double> tokens_per_second;
  std::optional<int64_t> checkpoint;  // its step
  std::optional<double> best_loss;    // of the validations, as of the checkpoint,
  int64_t best_step = -1;             // and where that was

  // An estimate, once there is something to go by.
  std::optional<double> seconds_left() const;
};

const char* name_of(TrainingProgress::State state);

TrainingProgress read_training_progress(const std::string& folder);

// Files of a run folder.
std::string metrics_path(const std::string& folder);
std::string samples_path(const std::string& folder);
std::string checkpoint_state_path(const std::string& folder);

}  // namespace difflm
