// The two kinds of evaluation: of texts, and of steering.
#pragma once

#include <memory>

#include "difflm/api/guarded.h"
#include "difflm/evaluation/judge/judge.h"
#include "difflm/evaluation/metric.h"

namespace difflm {

Evaluation evaluate_texts(const EvaluationRequest& request, Callbacks& callbacks);
Evaluation evaluate_steering(const EvaluationRequest& request, Callbacks& callbacks);

// What both need.

// The judge that the request names, or one that is trained on `training` once and cached; null where it wants none.
std::unique_ptr<Judge> make_judge(const EvaluationRequest& request, Callbacks& callbacks, const std::vector<std::string>& training,
                                  int64_t steps);

inline void say(const EvaluationRequest& request, Callbacks& callbacks, const std::string& line) {
  if (request.on_message) callbacks.tell([&] { request.on_message(line); });
}

// False where the caller wants to stop.
inline bool goes_on(const EvaluationRequest& request, Callbacks& callbacks, int64_t done, int64_t count) {
  return callbacks.ask([&] { return !request.on_progress || request.on_progress(done, count); });
}

inline Figure to_figure(const MetricValue& value) { return {value.value, value.lower, value.upper}; }

}  // namespace difflm
