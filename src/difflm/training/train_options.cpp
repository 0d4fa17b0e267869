#include "difflm/training/trainer.h"

namespace difflm {

void TrainOptions::describe(OptionVisitor& visitor) {
  visitor.field("start", start, "a trained run to start from, its vocabulary included: fine-tuning; none: random parameters");
  visitor.field("steps", steps, "budget in updates, 0 for none", {0, 1e12});
  visitor.field("minutes", minutes, "budget in minutes of training, 0 for none; with both, whichever is spent first", {0, 1e7});
  visitor.field("batch", batch, "sequences per batch", {1, 1e6});
  visitor.field("accumulate", accumulate, "batches per update", {1, 1e6});
  visitor.choice("schedule", schedule, "how the learning rate falls", learning_rates().names());
  visitor.choice(
      "resume", resume,
      "what the learning rate does when a run goes on with a longer budget: climb to where the schedule of the new budget is "
      "(rewarm), climb to the full rate and begin the schedule anew for what is left (restart), or jump to that schedule",
      {"rewarm", "restart", "schedule"});
  visitor.field("warmup", warmup, "updates over which the learning rate grows from 0", {0, 1e9});
  visitor.field("seed", seed, "seed of parameters, order, noise and dropout", {0, 1e15});
  visitor.field("log_every", log_every, "updates between lines of metrics", {1, 1e9});
  visitor.field("validate_every", validate_every, "updates between validations", {1, 1e9});
  visitor.field("validation_sequences", validation_sequences, "held-out sequences used in a validation", {1, 1e9});
  visitor.field("checkpoint_every", checkpoint_every, "updates between checkpoints", {1, 1e9});
  visitor.field("sample_every", sample_every, "updates between samples in the log, 0 for none", {0, 1e9});
  visitor.field("patience", patience, "stop after this many validations without a better one and keep the best, 0 for never",
                {0, 1e9});
  visitor.field("trackers", trackers, "list of places to log the numbers to");
}

void TrainOptions::check_budget() const {
  if (steps > 0 || minutes > 0) return;
  throw usage_error("train", "has no budget, expected train.steps or train.minutes", "for example train.minutes=10");
}

}  // namespace difflm
