// Evaluation: what is asked for is checked, then done by one of the two kinds.
#include <mutex>

#include "difflm/api/evaluations.h"
#include "difflm/evaluation/judge/autoregressive_judge.h"

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

}  // namespace

std::unique_ptr<Judge> make_judge(const EvaluationRequest& request, Callbacks& callbacks, const std::vector<std::string>& training,
                                  int64_t steps) {
  if (!request.use_judge) return nullptr;
  const auto tell = [&](const std::string& line) { say(request, callbacks, line); };
  return std::make_unique<AutoregressiveJudge>(request.judge.empty() ? train_judge(training, steps, cache_folder(), tell)
                                                                     : request.judge);
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
