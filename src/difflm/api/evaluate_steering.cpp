// The evaluation of steering: how many texts of each kind of task fulfil their wishes, and what that costs.
#include <algorithm>
#include <limits>
#include <set>

#include "difflm/api/evaluations.h"
#include "difflm/api/run_settings.h"
#include "difflm/core/json.h"
#include "difflm/core/names.h"
#include "difflm/data/prepared.h"
#include "difflm/evaluation/evaluation.h"
#include "difflm/evaluation/steering/steering_evaluation.h"
#include "difflm/evaluation/written_texts.h"
#include "difflm/model/runtime.h"

namespace difflm {
namespace {

std::vector<SteeringTask> tasks_of(const EvaluationRequest& request, const Run& run, const std::vector<Document>& held_out,
                                   const std::vector<std::string>& labels) {
  if (request.tasks.ends_with(".jsonl")) return read_steering_tasks(request.tasks);
  std::vector<SteeringTask> tasks;
  for (const auto& kind : split_list(request.tasks, ",")) {
    const auto own = draw_steering_tasks(kind, static_cast<size_t>(request.targets), held_out, run, labels, request.seed);
    tasks.insert(tasks.end(), own.begin(), own.end());
  }
  return tasks;
}

Figure exactly(double value) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  return {value, kUnknown, kUnknown};
}

EvaluatedRow to_row(const SteeringFigures& figures) {
  EvaluatedRow row = {figures.kind, static_cast<int64_t>(figures.texts), {}};
  row.figures.emplace_back("success", to_figure(figures.success));
  row.figures.emplace_back("by_chance", exactly(figures.by_chance));
  for (const auto& [name, value] : figures.metrics) row.figures.emplace_back(name, to_figure(value));
  row.figures.emplace_back("seconds", exactly(figures.seconds));
  row.figures.emplace_back("network_evaluations", exactly(figures.cost.network));
  row.figures.emplace_back("guide_evaluations", exactly(figures.cost.guides));
  return row;
}

std::vector<MetricFacts> metrics_of(const std::vector<EvaluatedRow>& rows, const Config& config) {
  std::vector<MetricFacts> result = {{"success", "share of the tasks' texts", "higher"},
                                     {"by_chance", "share of unsteered texts", "lower"}};
  const auto known = metrics().names();
  std::set<std::string> seen;
  for (const auto& row : rows) {
    for (const auto& [name, figure] : row.figures) {
      if (std::find(known.begin(), known.end(), name) == known.end() || !seen.insert(name).second) continue;
      result.push_back({name, metrics().make(name, config)->unit(), "reference"});
    }
  }
  for (const char* cost : {"seconds", "network_evaluations", "guide_evaluations"}) result.push_back({cost, "per text", "lower"});
  return result;
}

Json accuracy_of(const AttributeJudge& judge) {
  Json json;
  for (const auto& [label, accuracy] : judge.accuracy()) {
    json[label] = {{"has", accuracy.has}, {"found", accuracy.found}, {"said", accuracy.said}, {"trusted", accuracy.is_trusted()}};
  }
  return json;
}

}  // namespace

Evaluation evaluate_steering(const EvaluationRequest& request, Callbacks& callbacks) {
  Run run = open_run(request.run);
  run.config = with_settings(run.config, request.settings, {"sampling", "control", "runtime", "evaluation"});
  use_runtime(read_options<RuntimeOptions>(run.config, "runtime"), *run.model);
  const Classifiers& classifiers = request.classifiers;
  use_classifiers(run.config, {classifiers.classifier, classifiers.span_classifier, classifiers.prefix_classifier});
  const std::string prepared = prepared_folder(run.config, request.run);
  const auto training = read_prepared_documents(prepared, Side::training);
  const auto held_out = read_prepared_documents(prepared, Side::validation);
  const auto attribute_judge = request.attribute_judge.empty() ? nullptr
                                                               : std::make_shared<const AttributeJudge>(
                                                                     request.attribute_judge, run.config, training, held_out);
  if (attribute_judge) say(request, callbacks, attribute_judge->summary());
  const TextRule rule(run, training, attribute_judge);
  SteeringPlan plan = {{}, request.per_target, request.seed};
  plan.tasks = tasks_of(request, run, held_out, rule.labels());
  const auto options = read_options<EvaluationOptions>(run.config, "evaluation");
  const auto judge =
      make_judge(request, callbacks, as_the_model_writes(run, open_prepared(prepared).training), options.judge_steps);
  Evaluation result;
  for (const auto& note : judge.notes) say(request, callbacks, note);
  result.stopped = judge.stopped;
  if (result.stopped) return result;
  const auto progress = [&](size_t done, size_t count) {
    result.stopped = !goes_on(request, callbacks, static_cast<int64_t>(done), static_cast<int64_t>(count));
    return !result.stopped;
  };
  const auto report =
      evaluate_steering(run, read_options<SamplingOptions>(run.config, "sampling"),
                        read_options<SteeringOptions>(run.config, "control"), plan, rule, judge.judge.get(), progress);
  if (result.stopped || !progress(plan.tasks.size(), plan.tasks.size())) return result;
  result.rows.push_back(to_row(report.unsteered));
  for (const auto& figures : report.kinds) result.rows.push_back(to_row(figures));
  result.metrics = metrics_of(result.rows, run.config);
  result.table = steering_table(report);
  result.texts = steering_texts(report, plan);
  auto json = steering_json(report, plan);
  json["origin"] = {{"run", request.run},
                    {"classifier", classifiers.classifier},
                    {"span_classifier", classifiers.span_classifier},
                    {"prefix_classifier", classifiers.prefix_classifier},
                    {"attribute_judge", request.attribute_judge}};
  if (attribute_judge) {
    const auto accuracy = accuracy_of(*attribute_judge);
    if (!accuracy.is_null()) json["attribute_judge"] = accuracy;
  }
  json["run_config"] = run.config.to_toml();
  result.json = to_text(json, 2);
  return result;
}

}  // namespace difflm
