#include "difflm/cli/evaluation_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "difflm/cli/console.h"
#include "difflm/cli/control_evaluation_session.h"
#include "difflm/cli/judging.h"
#include "difflm/core/files.h"
#include "difflm/data/prepared.h"
#include "difflm/data/split.h"
#include "difflm/evaluation/evaluation.h"
#include "difflm/evaluation/model/model_report.h"
#include "difflm/evaluation/report.h"
#include "difflm/model/runtime.h"
#include "difflm/sampling/generate.h"
#include "difflm/settings/catalogue.h"

namespace difflm {
namespace {

std::vector<std::string> texts_of(const std::vector<Document>& documents) {
  std::vector<std::string> texts;
  texts.reserve(documents.size());
  for (const auto& document : documents) texts.push_back(document.text);
  return texts;
}

struct Evaluated {
  EvaluationTexts texts;
  Config config;
  nlohmann::ordered_json origin;
  nlohmann::ordered_json model;
};

Evaluated from_run(const EvaluationRequest& request) {
  Run run = open_run(request.run);
  const SamplingOptions options = request.overrides.apply(run);
  Evaluated result;
  const PreparedData data = open_prepared(prepared_folder(run.config, request.run));
  result.texts.training = as_the_model_writes(run, data.training);
  result.texts.held_out = as_the_model_writes(run, data.validation);
  const InterruptGuard interrupt;
  ProgressLine progress;
  SampleRequest wanted;
  wanted.count = request.count;
  wanted.seed = request.seed;
  SampleEvents events;
  const double start = seconds_now();
  const int64_t evaluations_before = run.model->evaluations();
  ConfidenceCurve confidence;
  const bool diffusion = run.model->kind() == "diffusion";
  events.on_step = [&](const SampleStep& step) {
    if (diffusion) confidence.observe(step);
    return !interrupt.interrupted();
  };
  events.on_batch = [&](int64_t done, int64_t count) {
    const double left = (seconds_now() - start) * static_cast<double>(count - done) / static_cast<double>(done);
    progress.show(fmt::format("sampling: {} of {} texts, {} left", done, count, duration(left)));
  };
  for (const auto& sample : generate(run, options, wanted, events)) result.texts.samples.push_back(sample.text);
  if (interrupt.interrupted()) throw Interrupted{};
  const double seconds = seconds_now() - start;
  const int64_t evaluations = run.model->evaluations() - evaluations_before;
  progress.clear();
  if (request.describe_model) result.model = model_report(run, data, request.seed);
  if (diffusion) result.model["confidence"] = confidence.to_json();
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
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("text") || !json["text"].is_string()) {
      throw usage_error(fmt::format("{}:{}", path, number), "is not an object with a \"text\", expected JSON lines",
                        "`difflm sample --jsonl` writes such files");
    }
    samples.push_back(json["text"].get<std::string>());
  }
  if (samples.empty()) throw usage_error(path, "holds no samples");
  return samples;
}

Evaluated from_files(const EvaluationRequest& request) {
  Evaluated result;
  result.config = resolve(request.overrides.configuration());
  use_threads(read_options<RuntimeOptions>(result.config, "runtime"));
  result.texts.samples = read_samples(request.samples);
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
  result.origin = {{"samples", request.samples}, {"reference", request.reference}};
  return result;
}

}  // namespace

void evaluate_with_progress(const EvaluationRequest& request) {
  if (request.run.empty() == request.samples.empty()) {
    throw usage_error("eval", "expected either a run folder or --samples with --reference", "see `difflm eval --help`");
  }
  if (!request.samples.empty() && request.reference.empty()) throw usage_error("eval", "--samples needs --reference CORPUS");
  for (const auto& path : {request.json, request.keep}) {
    if (!path.empty()) write_text(path, "", true);  // says no before the work, not after
  }
  if (!request.control.empty()) {
    evaluate_control_with_progress(request);
    return;
  }
  const Evaluated evaluated = request.run.empty() ? from_files(request) : from_run(request);
  const auto options = read_options<EvaluationOptions>(evaluated.config, "evaluation");
  const auto judge = make_judge(request.judge, request.no_judge, evaluated.texts.training, options.judge_steps);
  const auto report = evaluate(evaluated.texts, judge.get(), options, evaluated.config);
  fmt::print("{}", evaluation_table(report));
  if (!request.json.empty()) {
    nlohmann::ordered_json json = evaluation_json(report);
    json["origin"] = evaluated.origin;
    if (!evaluated.model.is_null()) json["model"] = evaluated.model;
    json["run_config"] = evaluated.config.to_toml();
    replace_file_with_text(request.json, json.dump(2) + "\n");
  }
  if (!request.keep.empty()) {
    replace_file_with_text(request.keep, scored_samples(evaluated.texts.samples, report));
  }
}

}  // namespace difflm
