// Training: from a request to a run folder, with samples of the model in training.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "difflm/api/guarded.h"
#include "difflm/api/training_plan.h"
#include "difflm/core/files.h"
#include "difflm/sampling/generate.h"
#include "difflm/settings/catalogue.h"
#include "difflm/training/run_setup.h"

namespace difflm {
namespace {

// A few texts as the model in training writes them.
std::vector<std::string> sample_in_training(TrainingRun& run) {
  SampleRequest request;
  request.count = 4;
  std::vector<std::string> texts;
  for (const auto& sample : generate(run, read_options<SamplingOptions>(run.config, "sampling"), request))
    texts.push_back(sample.text);
  return texts;
}

Training::End to_end(TrainOutcome::End end) {
  switch (end) {
    case TrainOutcome::End::finished:
      return Training::End::finished;
    case TrainOutcome::End::early_stopped:
      return Training::End::early_stopped;
    case TrainOutcome::End::interrupted:
      break;
  }
  return Training::End::stopped;
}

Training train_run(const TrainRequest& request, Callbacks& callbacks) {
  std::set<std::string> said;
  const auto say = [&](const std::string& line) {
    if (request.on_message && said.insert(line).second) callbacks.tell([&] { request.on_message(line); });
  };
  TrainingPlan plan(request);
  const std::string& folder = plan.folder();
  if (!plan.place().empty()) say(plan.place());
  if (const auto& inspection = plan.inspection()) {
    said.insert(inspection->notes.begin(), inspection->notes.end());
    if (request.on_inspection) callbacks.tell([&] { request.on_inspection(*inspection); });
  }
  if (request.on_folder) callbacks.tell([&] { request.on_folder(folder); });
  if (callbacks.failed()) return {};
  make_folder(folder);
  const FolderLock lock(folder);
  if (!lock.is_held()) say(unlocked_note(folder));
  plan.write();
  TrainingRun run = set_up_run(plan.config(), folder, say, resolve);
  if (has_checkpoint(folder)) say("resuming from the checkpoint in " + folder);

  bool goes_on = true;
  TrainEvents events;
  events.on_step = [&](const TrainEvents::Step& step) {
    if (!request.on_step) return;
    goes_on = callbacks.ask([&] {
      return request.on_step(
          {step.step, step.steps, step.spent, step.seconds, step.seconds_left, step.tokens_per_second, step.loss});
    });
  };
  events.on_validation = [&](int64_t step, const ValidationLoss& loss) {
    if (request.on_validation) callbacks.tell([&] { request.on_validation({step, loss.loss, loss.values}); });
  };
  events.on_sample = [&](int64_t step) {
    const auto texts = sample_in_training(run);
    std::string lines;
    for (const auto& text : texts) lines += text + "\n";
    make_folder(folder + "/samples");
    replace_file_with_text(fmt::format("{}/samples/step-{:07}.txt", folder, step), lines);
    if (request.on_sample) callbacks.tell([&] { request.on_sample(step, texts); });
    return texts;
  };
  events.on_message = say;
  events.stop = [&] { return !goes_on || callbacks.failed(); };
  const TrainOutcome outcome = train(run, events);
  const auto& done = outcome.progress;
  return {to_end(outcome.end), done.step, done.seconds, done.tokens, done.best_loss, done.best_step, folder};
}

}  // namespace

Training train(const TrainRequest& request) {
  Callbacks callbacks;
  return callbacks.around([&] { return train_run(request, callbacks); });
}

}  // namespace difflm
