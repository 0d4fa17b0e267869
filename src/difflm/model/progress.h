// How far the training of a run has come, as checkpoint/state.json holds it.
#pragma once

#include <cstdint>
#include <string>

namespace difflm {

// Where the learning rate has come to (training/rate_plan.h).
struct RateState {
  double factor = -1;  // of the last update, warm-up aside; -1: not known, as in files of older versions
  int64_t steps = 0;   // the budget,
  double minutes = 0;  // for which it was
  double climb_from = 0;
  double climb_at = -1;    // share of the budget where the last climb began, -1: there was none
  bool restarted = false;  // the schedule began anew there
};

struct Progress {
  int64_t step = 0;
  double seconds = 0;  // spent in training, over all sessions
  int64_t tokens = 0;  // useful tokens seen
  double best_loss = 0;
  int64_t best_step = -1;  // -1: not validated yet
  int64_t validations_since_best = 0;
  bool finished = false;
  int64_t optimizer_updates = 0;
  RateState rate = {};
};

// The state.json of the checkpoint in the run `folder`.
std::string progress_path(const std::string& folder);

// Throws a failure when the file is damaged.
Progress read_progress(const std::string& path);
void write_progress(const std::string& path, const Progress& progress);

}  // namespace difflm
