#include "difflm/cli/train_session.h"

#include <fmt/format.h>

#include "difflm/cli/console.h"
#include "difflm/core/files.h"
#include "difflm/sampling/generate.h"
#include "difflm/settings/catalogue.h"
#include "difflm/training/run_setup.h"

namespace difflm {
namespace {

std::string progress_text(const TrainEvents::Step& step) {
  const std::string steps = step.steps > 0 ? fmt::format("{}/{}", step.step, step.steps) : fmt::format("{}", step.step);
  return fmt::format("step {}  loss {:.3f}  {:.0f} tokens/s  {:.0f}% done, {} left", steps, step.loss, step.tokens_per_second,
                     100 * std::min(1.0, step.spent), duration(step.seconds_left));
}

// A few samples of the model in training, for the log.
std::string sample_in_training(TrainingRun& run, int64_t step) {
  SampleRequest request;
  request.count = 4;
  std::string text;
  for (const auto& sample : generate(run, read_options<SamplingOptions>(run.config, "sampling"), request))
    text += sample.text + "\n";
  make_folder(run.folder + "/samples");
  replace_file_with_text(fmt::format("{}/samples/step-{:07}.txt", run.folder, step), text);
  return text;
}

std::string validation_line(int64_t step, const ValidationLoss& loss) {
  std::string line = fmt::format("step {:>7}  validation loss {:.4f}", step, loss.loss);
  std::string model;
  std::string free;
  std::string found;
  for (const auto& [name, value] : loss.values) {
    if (name.starts_with("cross_entropy_u")) model += fmt::format(" {:.2f}", value);
    if (name.starts_with("found_u")) found += fmt::format(" {:.0f}%", 100 * value);
    if (name.starts_with("context_free_u")) free += fmt::format(" {:.2f}", value);
  }
  if (!found.empty()) line += "\n      labels found by noise level " + found;
  if (!model.empty())
    line += fmt::format("\n      cross-entropy by noise level {}\n      each token seen alone        {}", model, free);
  return line;
}

}  // namespace

void train_with_progress(const Config& config, const std::string& folder) {
  make_folder(folder);
  const FolderLock lock(folder);
  TrainingRun run = set_up_run(config, folder, say, resolve);
  if (has_checkpoint(folder)) say("resuming from the checkpoint in " + folder);

  const InterruptGuard interrupt;
  ProgressLine progress;
  TrainEvents events;
  events.on_step = [&](const TrainEvents::Step& step) { progress.show(progress_text(step)); };
  events.on_validation = [&](int64_t step, const ValidationLoss& loss) { say(validation_line(step, loss)); };
  events.on_sample = [&](int64_t step) {
    const std::string text = sample_in_training(run, step);
    say("      sample: " + text.substr(0, text.find('\n')));
    return text;
  };
  events.stop = [&] { return interrupt.interrupted(); };
  const TrainOutcome outcome = train(run, events);
  progress.clear();
  const auto& done = outcome.progress;
  if (outcome.end == TrainOutcome::End::interrupted) {
    say(fmt::format("stopped at step {}; the checkpoint is saved, the same command goes on from it", done.step));
    throw Interrupted{};
  }
  say(fmt::format("{} after {} steps, {} of training, {:.2f} million tokens; best validation loss {:.4f} at step {}",
                  outcome.end == TrainOutcome::End::early_stopped ? "stopped early" : "finished", done.step, duration(done.seconds),
                  static_cast<double>(done.tokens) / 1e6, done.best_loss, done.best_step));
}

}  // namespace difflm
