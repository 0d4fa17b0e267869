// The evaluation of texts, of a run or given ones: metrics over them, over held-out text and over controls of nonsense.
//
// The order matters: all is read, what cannot be computed is said, and the judge is there, before the first text is sampled.
#include "difflm/api/evaluation_subject.h"
#include "difflm/api/evaluations.h"
#include "difflm/evaluation/model/model_report.h"
#include "difflm/evaluation/report.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

std::string better(Direction direction) {
  switch (direction) {
    case Direction::higher:
      return "higher";
    case Direction::lower:
      return "lower";
    case Direction::reference:
      break;
  }
  return "reference";
}

}  // namespace

Evaluation evaluate_texts(const EvaluationRequest& request, Callbacks& callbacks) {
  EvaluationSubject subject = open_subject(request, callbacks);
  const auto options = read_options<EvaluationOptions>(subject.config, "evaluation");
  for (const auto& note :
       foresee(subject.texts, subject.count, has_judge(request, subject.texts.training), options, subject.config)) {
    say(request, callbacks, note);
  }
  Evaluation result;
  const auto judge = make_judge(request, callbacks, subject.texts.training, options.judge_steps);
  for (const auto& note : judge.notes) say(request, callbacks, note);
  if (!judge.stopped) sample_subject(subject, request, callbacks);
  result.stopped = judge.stopped || subject.stopped;
  if (result.stopped) return result;
  auto report = evaluate(subject.texts, judge.judge.get(), options, subject.config);
  report.notes.insert(report.notes.begin(), judge.notes.begin(), judge.notes.end());
  report.notes.insert(report.notes.begin(), subject.notes.begin(), subject.notes.end());
  if (const auto likelihood = likelihood_note(subject.model); !likelihood.empty()) report.notes.push_back(likelihood);
  for (const auto& metric : report.metrics) result.metrics.push_back({metric.name, metric.unit, better(metric.direction)});
  for (const auto& row : report.rows) {
    result.rows.push_back({row.name, static_cast<int64_t>(row.texts), {}});
    for (const auto& [name, value] : row.values) result.rows.back().figures.emplace_back(name, to_figure(value));
  }
  result.warnings = report.warnings;
  result.notes = report.notes;
  result.table = evaluation_table(report);
  Json json = evaluation_json(report);
  json["origin"] = subject.origin;
  if (!subject.model.is_null()) json["model"] = subject.model;
  json["run_config"] = to_valid_utf8(subject.config.to_toml());
  result.json = to_text(json, 2);
  result.texts = scored_samples(subject.texts.samples, report);
  if (subject.kept) subject.kept->remove();
  return result;
}

}  // namespace difflm
