// The evaluation of texts, of a run or given ones: metrics over them, over held-out text and over controls of nonsense.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "difflm/api/evaluations.h"
#include "difflm/api/run_settings.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/data/prepared.h"
#include "difflm/data/split.h"
#include "difflm/evaluation/evaluation.h"
#include "difflm/evaluation/model/model_report.h"
#include "difflm/evaluation/model/sampling_report.h"
#include "difflm/evaluation/report.h"
#include "difflm/evaluation/written_texts.h"
#include "difflm/model/model_as.h"
#include "difflm/model/runtime.h"
#include "difflm/model/writer.h"
#include "difflm/sampling/generate.h"
#include "difflm/settings/catalogue.h"

namespace difflm {
namespace {

// What is evaluated, and what is said of it.
struct Subject {
  EvaluationTexts texts;
  Config config;
  Json origin;
  Json model;            // null: nothing is said of a model
  bool stopped = false;  // then nothing else is filled in
};

std::vector<std::string> texts_of(const std::vector<Document>& documents) {
  std::vector<std::string> texts;
  texts.reserve(documents.size());
  for (const auto& document : documents) texts.push_back(document.text);
  return texts;
}

double seconds_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

Subject from_run(const EvaluationRequest& request, Callbacks& callbacks) {
  Run run = open_run(request.run);
  run.config = with_settings(run.config, request.settings, {"sampling", "control", "runtime", "evaluation"});
  use_runtime(read_options<RuntimeOptions>(run.config, "runtime"), *run.model);
  const auto options = read_options<SamplingOptions>(run.config, "sampling");
  Subject result;
  const PreparedData data = open_prepared(prepared_folder(run.config, request.run));
  result.texts.training = as_the_model_writes(run, data.training);
  result.texts.held_out = as_the_model_writes(run, data.validation);
  SampleRequest wanted;
  wanted.count = request.count;
  wanted.seed = request.seed;
  SampleEvents events;
  const double start = seconds_now();
  const int64_t evaluations_before = run.model->evaluations();
  ConfidenceCurve confidence;
  const bool refines = !model_as<Writer>(run.model, request.run)->writes_word_by_word();
  int64_t sampled = 0;
  events.on_step = [&](const SampleStep& step) {
    if (refines) confidence.observe(step);
    result.stopped = !goes_on(request, callbacks, sampled, request.count);
    return !result.stopped;
  };
  events.on_batch = [&](int64_t done, int64_t) { sampled = done; };
  for (const auto& sample : generate(run, options, wanted, events)) result.texts.samples.push_back(sample.text);
  result.stopped = result.stopped || !goes_on(request, callbacks, request.count, request.count);
  if (result.stopped) return result;
  const double seconds = seconds_now() - start;
  const int64_t evaluations = run.model->evaluations() - evaluations_before;
  if (request.describe_model) result.model = model_report(run, data, request.seed);
  if (refines) result.model["confidence"] = confidence.to_json();
  result.model["cost"] = cost_report(run, evaluations, result.texts.samples.size(), seconds);
  result.config = run.config;
  result.origin = {{"run", request.run},
                   {"weights", run.weights},
                   {"step", run.progress.step},
                   {"training_seconds", run.progress.seconds},
                   {"validation_loss", run.progress.best_loss},
                   {"parameters", run.model->parameter_count()},
                   {"sampling_steps", options.steps},
                   {"temperature", options.temperature},
                   {"sampler", options.sampler},
                   {"seed", request.seed},
                   {"sampling_seconds", seconds},
                   {"corpus_hash", run.corpus.hash}};
  return result;
}

std::vector<std::string> read_samples(const std::string& path) {
  const std::string text = read_text_file(path);
  std::vector<std::string> samples;
  int64_t number = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    if (line.empty()) continue;
    if (!path.ends_with(".jsonl")) {
      samples.push_back(line);
      continue;
    }
    const auto json = try_parse_json(line);
    if (!json.is_object() || !json.contains("text") || !json["text"].is_string()) {
      throw usage_error(fmt::format("{}:{}", path, number), "is not an object with a \"text\", expected JSON lines");
    }
    samples.push_back(json["text"].get<std::string>());
  }
  if (samples.empty()) throw usage_error(path, "holds no samples");
  return samples;
}

Subject from_texts(const EvaluationRequest& request) {
  Subject result;
  result.config = with_settings(Config(), request.settings, {"sampling", "control", "runtime", "evaluation", "data"});
  use_threads(read_options<RuntimeOptions>(result.config, "runtime"));
  result.texts.samples = request.texts_file.empty() ? request.texts : read_samples(request.texts_file);
  if (request.reference.size() == 1 && is_prepared(request.reference.front())) {
    result.texts.training = texts_of(read_prepared_documents(request.reference.front(), Side::training));
    result.texts.held_out = texts_of(read_prepared_documents(request.reference.front(), Side::validation));
  } else {
    const auto options = read_options<DataOptions>(result.config, "data");
    const Split split = split_documents(read_corpus(request.reference, "auto", result.config), options.validation,
                                        static_cast<uint64_t>(options.split_seed));
    result.texts.training = texts_of(split.training);
    result.texts.held_out = texts_of(split.validation);
  }
  result.origin = {{"samples", request.texts_file.empty() ? Json(nullptr) : Json(request.texts_file)},
                   {"reference", request.reference}};
  return result;
}

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
  const Subject subject = request.run.empty() ? from_texts(request) : from_run(request, callbacks);
  Evaluation result;
  result.stopped = subject.stopped;
  if (subject.stopped) return result;
  const auto options = read_options<EvaluationOptions>(subject.config, "evaluation");
  const auto judge = make_judge(request, callbacks, subject.texts.training, options.judge_steps);
  const auto report = evaluate(subject.texts, judge.get(), options, subject.config);
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
  json["run_config"] = subject.config.to_toml();
  result.json = to_text(json, 2);
  result.texts = scored_samples(subject.texts.samples, report);
  return result;
}

}  // namespace difflm
