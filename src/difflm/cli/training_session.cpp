#include "difflm/cli/training_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "difflm/cli/console.h"
#include "difflm/cli/end_on_interrupt.h"
#include "difflm/cli/inspection_lines.h"
#include "difflm/data/prepared.h"

namespace difflm {
namespace {

std::string progress_text(const TrainingStep& step) {
  const std::string steps = step.steps > 0 ? fmt::format("{}/{}", step.step, step.steps) : fmt::format("{}", step.step);
  return fmt::format("step {}  loss {:.3f}  {:.0f} tokens/s  {:.0f}% done, {} left", steps, step.loss, step.tokens_per_second,
                     100 * std::min(1.0, step.share), duration(step.seconds_left));
}

std::string validation_line(const Validation& validation) {
  std::string line = fmt::format("step {:>7}  validation loss {:.4f}", validation.step, validation.loss);
  std::string model;
  std::string free;
  std::string found;
  for (const auto& [name, value] : validation.values) {
    if (name.starts_with("cross_entropy_u")) model += fmt::format(" {:.2f}", value);
    if (name.starts_with("found_u")) found += fmt::format(" {:.0f}%", 100 * value);
    if (name.starts_with("context_free_u")) free += fmt::format(" {:.2f}", value);
  }
  if (!found.empty()) line += "\n      labels found by noise level " + found;
  if (!model.empty())
    line += fmt::format("\n      cross-entropy by noise level {}\n      each token seen alone        {}", model, free);
  return line;
}

bool is_missing(const std::string& path) { return !std::filesystem::exists(path); }

}  // namespace

Training train_with_progress(TrainRequest request) {
  // Before the first step there is nothing to save.
  std::optional<EndOnInterrupt> before;
  before.emplace("stopped before the first step; nothing was trained",
                 [folder = request.folder, is_new = is_missing(request.folder)] {
                   if (folder.empty()) return;  // chosen by the library, and taken up again by the same command
                   remove_unfinished(folder + "/data");
                   std::error_code ignored;
                   if (is_new) std::filesystem::remove_all(folder, ignored);
                 });
  std::optional<InterruptGuard> interrupt;
  ProgressLine progress;
  request.on_step = [&](const TrainingStep& step) {
    if (!interrupt) {
      interrupt.emplace();  // first, so that a signal always has a handler
      before.reset();
    }
    progress.show(progress_text(step));
    return !interrupt->interrupted();
  };
  request.on_validation = [](const Validation& validation) { print_message(validation_line(validation)); };
  request.on_sample = [](int64_t, const std::vector<std::string>& texts) { print_message("      sample: " + texts.front()); };
  request.on_inspection = [](const Inspection& seen) {
    for (const auto& line : inspection_lines(seen)) print_message(line);
  };
  request.on_message = print_message;
  const Training done = train(request);
  before.reset();
  progress.clear();
  if (done.end == Training::End::stopped) {
    print_message(fmt::format("stopped at step {}; the checkpoint is saved: run the same command again to continue", done.steps));
    throw Interrupted{};
  }
  const std::string best =
      done.best_step < 0 ? "not validated" : fmt::format("best validation loss {:.4f} at step {}", done.best_loss, done.best_step);
  print_message(fmt::format("{} after {} steps, {} of training, {:.2f} million tokens; {}",
                            done.end == Training::End::early_stopped ? "stopped early" : "finished", done.steps,
                            duration(done.seconds), static_cast<double>(done.tokens) / 1e6, best));
  return done;
}

}  // namespace difflm
