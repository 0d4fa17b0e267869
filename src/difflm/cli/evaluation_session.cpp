#include "difflm/cli/evaluation_session.h"

#include <fmt/format.h>

#include <optional>

#include "difflm/cli/console.h"
#include "difflm/cli/output_file.h"

namespace difflm {

void evaluate_with_progress(EvaluationRequest request, const std::string& json, const std::string& keep) {
  const OutputFile json_file(json);  // fail before any work
  const OutputFile keep_file(keep);
  std::optional<InterruptGuard> interrupt;  // while a judge is trained and texts are made
  ProgressLine progress;
  request.on_progress = [&](int64_t done, int64_t count) {
    if (!interrupt) interrupt.emplace();
    const bool goes_on = !interrupt->interrupted();
    if (done == count) {
      progress.clear();
      interrupt.reset();
    } else if (request.tasks.empty()) {
      progress.show(done, count, "texts", "sampling: ");
    } else {
      progress.show(done, count, "tasks");
    }
    return goes_on;
  };
  request.on_judge = [&](const TrainingStep& step) {
    if (!interrupt) interrupt.emplace();
    progress.show(fmt::format("training the judge: step {} of {}, loss {:.3f}, {} left at most", step.step, step.steps, step.loss,
                              duration(step.seconds_left)));
    return !interrupt->interrupted();
  };
  request.on_message = print_message;
  const Evaluation evaluation = evaluate(request);
  progress.clear();
  if (evaluation.stopped) throw Interrupted{};
  fmt::print("{}", evaluation.table);
  keep_file.write(evaluation.texts);
  json_file.write(evaluation.json + "\n");
}

}  // namespace difflm
