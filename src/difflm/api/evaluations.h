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

struct JudgeOfRequest {
  std::unique_ptr<Judge> judge = {};    // null: none
  std::vector<std::string> notes = {};  // about it, or why there is none, one sentence each
  bool stopped = false;                 // while it was trained
};

// The judge that the request names, or one that is trained on `training` once and cached; none where it wants none.
JudgeOfRequest make_judge(const EvaluationRequest& request, Callbacks& callbacks, const std::vector<std::string>& training,
                          int64_t steps);

// Whether make_judge will give one.
bool has_judge(const EvaluationRequest& request, const std::vector<std::string>& training);

inline void say(const EvaluationRequest& request, Callbacks& callbacks, const std::string& line) {
  if (request.on_message) callbacks.tell([&] { request.on_message(line); });
}

// False where the caller wants to stop.
inline bool goes_on(const EvaluationRequest& request, Callbacks& callbacks, int64_t done, int64_t count) {
  return callbacks.ask([&] { return !request.on_progress || request.on_progress(done, count); });
}

inline Figure to_figure(const MetricValue& value) { return {value.value, value.lower, value.upper}; }

}  // namespace difflm
