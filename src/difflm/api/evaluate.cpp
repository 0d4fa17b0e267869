// Evaluation: what is asked for is checked, then done by one of the two kinds.
#include <fmt/format.h>

#include <filesystem>
#include <mutex>

#include "difflm/api/evaluations.h"
#include "difflm/evaluation/cache_folder.h"
#include "difflm/evaluation/judge/autoregressive_judge.h"
#include "difflm/evaluation/judge/judge_training.h"

namespace difflm {
namespace {

// Training a judge and parsing texts draw on what LibTorch and link-grammar keep for the whole process.
std::mutex& one_at_a_time() {
  static std::mutex mutex;
  return mutex;
}

void check(const EvaluationRequest& request) {
  const int sources = (request.run.empty() ? 0 : 1) + (request.texts.empty() ? 0 : 1) + (request.texts_file.empty() ? 0 : 1);
  if (sources != 1) throw usage_error("run", "expected a run folder, texts, or a file of texts, and one of them");
  if (request.run.empty() && request.reference.empty()) {
    throw usage_error("reference", "is missing, expected the corpus that the texts should resemble");
  }
  if (request.run.empty() && !request.tasks.empty()) throw usage_error("tasks", "needs a run folder");
}

bool is_same_folder(const std::string& one, const std::string& other) {
  std::error_code ignored;
  return !one.empty() && !other.empty() && std::filesystem::equivalent(one, other, ignored);
}

}  // namespace

bool has_judge(const EvaluationRequest& request, const std::vector<std::string>& training) {
  return request.use_judge && (!request.judge.empty() || why_no_judge(training).empty());
}

JudgeOfRequest make_judge(const EvaluationRequest& request, Callbacks& callbacks, const std::vector<std::string>& training,
                          int64_t steps) {
  JudgeOfRequest result;
  if (!request.use_judge) return result;
  if (!request.judge.empty()) {
    result.judge = std::make_unique<AutoregressiveJudge>(request.judge);
    if (is_same_folder(request.judge, request.run)) {
      result.notes.emplace_back("the judge is the model that wrote the samples: it prefers its like, so its figures mean nothing");
    }
    return result;
  }
  if (const auto why = why_no_judge(training); !why.empty()) {
    result.notes.push_back("there is no judge: " + why);
    return result;
  }
  JudgeTraining events;
  events.on_message = [&](const std::string& line) { say(request, callbacks, line); };
  events.on_step = [&](const TrainEvents::Step& step) {
    return callbacks.ask([&] {
      return !request.on_judge || request.on_judge({step.step, step.steps, step.spent, step.seconds, step.seconds_left,
                                                    step.tokens_per_second, step.loss});
    });
  };
  const auto folder = train_judge(training, steps, cache_folders(request.run), events);
  result.stopped = !folder || callbacks.failed();
  if (!result.stopped) result.judge = std::make_unique<AutoregressiveJudge>(*folder);
  return result;
}

Evaluation evaluate(const EvaluationRequest& request) {
  Callbacks callbacks;
  const std::lock_guard lock(one_at_a_time());
  return callbacks.around([&] {
    check(request);
    return request.tasks.empty() ? evaluate_texts(request, callbacks) : evaluate_steering(request, callbacks);
  });
}

}  // namespace difflm
