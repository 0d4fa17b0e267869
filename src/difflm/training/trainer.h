// The training loop: batches -> loss -> update, with validation, checkpoints and events. It does not depend on the kind of model.
//
// Every random number is a function of (seed, step), so a run that is killed and resumed from its last checkpoint gives the weights
// of an uninterrupted one; with one thread, bit for bit.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "difflm/model/runtime.h"
#include "difflm/training/checkpoint.h"
#include "difflm/training/learning_rate.h"
#include "difflm/training/objective.h"
#include "difflm/training/tracker.h"
#include "difflm/training/training_run.h"

namespace difflm {

struct TrainOptions {
  std::string start;
  int64_t steps = 0;
  double minutes = 0;
  int64_t batch = 64;
  int64_t accumulate = 1;
  std::string schedule = "cosine";
  std::string resume = "rewarm";
  int64_t warmup = 100;
  int64_t seed = 1;
  int64_t log_every = 10;
  int64_t validate_every = 250;
  int64_t validation_sequences = 256;
  int64_t checkpoint_every = 500;
  int64_t sample_every = 1000;
  int64_t patience = 0;
  std::vector<std::string> trackers = {"jsonl", "tensorboard"};
  void describe(OptionVisitor& visitor);
  void check_budget() const;  // throws a usage error where there is none
};

// What the trainer reports while it runs; every member may be empty.
struct TrainEvents {
  struct Step {
    int64_t step;
    int64_t steps;        // of the budget, 0 where it is in minutes
    double spent;         // share of the budget, 0 to 1
    double seconds;       // so far, over all sessions
    double seconds_left;  // estimate
    double tokens_per_second;
    double loss;  // running mean
  };
  std::function<void(const Step&)> on_step;
  std::function<void(int64_t step, const ValidationLoss&)> on_validation;
  // Called with averaged weights in place; returns texts for the trackers.
  std::function<std::vector<std::string>(int64_t step)> on_sample;
  std::function<void(const std::string&)> on_message;  // a line for the user
  std::function<void(int64_t step)> on_checkpoint;
  std::function<bool()> stop;  // true ends the run after the current step, with a checkpoint
};

struct TrainOutcome {
  enum class End { finished, early_stopped, interrupted };
  End end = End::finished;
  Progress progress;
};

// Trains until the budget (train.steps or train.minutes, whichever comes first) is spent, from the checkpoint in the folder where
// there is one. Throws a failure naming step and term when the loss is not finite; the last checkpoint stays.
TrainOutcome train(const TrainingRun& run, const TrainEvents& events);

}  // namespace difflm
