// How far the training of a run has come, as checkpoint/state.json holds it.
#pragma once

#include <cstdint>
#include <string>

namespace difflm {

struct Progress {
  int64_t step = 0;
  double seconds = 0;  // spent in training, over all sessions
  int64_t tokens = 0;  // useful tokens seen
  double best_loss = 0;
  int64_t best_step = -1;  // -1: not validated yet
  int64_t validations_since_best = 0;
  bool finished = false;
  int64_t optimizer_updates = 0;
};

// The state.json of the checkpoint in the run `folder`.
std::string progress_path(const std::string& folder);

// Throws a failure when the file is damaged.
Progress read_progress(const std::string& path);
void write_progress(const std::string& path, const Progress& progress);

}  // namespace difflm
