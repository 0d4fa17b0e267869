#include "difflm/cli/control_evaluation_session.h"

#include <fmt/format.h>

#include "difflm/cli/console.h"
#include "difflm/cli/judging.h"
#include "difflm/core/files.h"
#include "difflm/core/names.h"
#include "difflm/data/prepared.h"
#include "difflm/evaluation/evaluation.h"
#include "difflm/evaluation/steering/control_evaluation.h"

namespace difflm {
namespace {

std::vector<ControlTask> control_tasks(const EvaluationRequest& request, const Run& run, const std::vector<Document>& held_out,
                                       const std::vector<std::string>& labels) {
  if (request.control.ends_with(".jsonl")) return read_control_tasks(request.control);
  std::vector<ControlTask> tasks;
  for (const auto& kind : split_list(request.control, ",")) {
    const auto own = draw_control_tasks(kind, static_cast<size_t>(request.targets), held_out, run, labels, request.seed);
    tasks.insert(tasks.end(), own.begin(), own.end());
  }
  return tasks;
}

}  // namespace

void evaluate_control_with_progress(const EvaluationRequest& request) {
  if (request.run.empty()) throw usage_error("--control", "needs a run folder");
  Run run = open_run(request.run);
  const SamplingOptions sampling = request.overrides.apply(run);
  use_classifiers(run.config, request.classifiers);
  const std::string prepared = prepared_folder(run.config, request.run);
  const auto training = read_prepared_documents(prepared, Side::training);
  const auto held_out = read_prepared_documents(prepared, Side::validation);
  const auto attribute_judge = request.attribute_judge.empty() ? nullptr
                                                               : std::make_shared<const AttributeJudge>(
                                                                     request.attribute_judge, run.config, training, held_out);
  if (attribute_judge) say(attribute_judge->summary());
  const TextRule rule(run, training, attribute_judge);
  ControlPlan plan = {{}, request.per_target, request.seed};
  plan.tasks = control_tasks(request, run, held_out, rule.labels());
  const auto options = read_options<EvaluationOptions>(run.config, "evaluation");
  const auto judge =
      make_judge(request.judge, request.no_judge, as_the_model_writes(run, open_prepared(prepared).training), options.judge_steps);
  const InterruptGuard interrupt;
  ProgressLine progress;
  const double start = seconds_now();
  const auto tell = [&](size_t done, size_t count) {
    if (done > 0) {
      const double left = (seconds_now() - start) * static_cast<double>(count - done) / static_cast<double>(done);
      progress.show(fmt::format("{} of {} tasks, {} left", done, count, duration(left)));
    }
    return !interrupt.interrupted();
  };
  const auto report =
      evaluate_control(run, sampling, read_options<ControlOptions>(run.config, "control"), plan, rule, judge.get(), tell);
  progress.clear();
  if (interrupt.interrupted()) throw Interrupted{};
  fmt::print("{}", control_table(report));
  if (!request.keep.empty()) replace_file_with_text(request.keep, control_texts(report, plan));
  if (request.json.empty()) return;
  auto json = control_json(report, plan);
  json["origin"] = {{"run", request.run},
                    {"classifier", request.classifiers.attributes},
                    {"span_classifier", request.classifiers.spans},
                    {"prefix_classifier", request.classifiers.prefixes},
                    {"attribute_judge", request.attribute_judge}};
  if (attribute_judge) {
    for (const auto& [label, accuracy] : attribute_judge->accuracy()) {
      json["attribute_judge"][label] = {
          {"has", accuracy.has}, {"found", accuracy.found}, {"said", accuracy.said}, {"trusted", accuracy.is_trusted()}};
    }
  }
  json["run_config"] = run.config.to_toml();
  replace_file_with_text(request.json, json.dump(2) + "\n");
}

}  // namespace difflm
