// difflm eval RUN [-n N --steps S] | difflm eval --samples F.jsonl --reference CORPUS, each with [--json FILE]
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "difflm/cli/catalogue.h"
#include "difflm/cli/console.h"
#include "difflm/cli/sample_overrides.h"
#include "difflm/cli/verb.h"
#include "difflm/core/files.h"
#include "difflm/data/prepared.h"
#include "difflm/data/split.h"
#include "difflm/evaluation/autoregressive_judge.h"
#include "difflm/evaluation/evaluation.h"
#include "difflm/evaluation/report.h"
#include "difflm/sampling/generate.h"

namespace difflm {
namespace {

struct EvalArguments {
  std::string run;
  std::string samples;
  std::vector<std::string> reference;
  int64_t count = 1000;
  uint64_t seed = 1;
  SampleOverrides overrides;
  std::string judge;
  bool no_judge = false;
  std::string json;
  std::string keep;
};

std::vector<std::string> texts_of(const std::vector<Document>& documents) {
  std::vector<std::string> texts;
  texts.reserve(documents.size());
  for (const auto& document : documents) texts.push_back(document.text);
  return texts;
}

// The texts of one side as the model could write them: through its tokenizer and packing, so that rare words are <unk> and a stream
// comes in blocks on all sides of a comparison.
std::vector<std::string> as_the_model_writes(const Run& run, const TokenDocuments& documents) {
  std::vector<std::string> texts;
  for (const auto& sequence : run.packing->pack(documents, run.length, 0, nullptr)) {
    texts.push_back(run.tokenizer->decode(run.packing->unpack(sequence)));
  }
  return texts;
}

struct Evaluated {
  EvaluationTexts texts;
  Config config;
  nlohmann::ordered_json origin;
};

Evaluated from_run(const EvalArguments& arguments) {
  Run run = open_run(arguments.run);
  const SamplingOptions options = arguments.overrides.apply(run);
  Evaluated result;
  const PreparedData data = open_prepared(prepared_folder(run.config, arguments.run));
  result.texts.training = as_the_model_writes(run, data.training);
  result.texts.held_out = as_the_model_writes(run, data.validation);
  const InterruptGuard interrupt;
  ProgressLine progress;
  SampleRequest request;
  request.count = arguments.count;
  request.seed = arguments.seed;
  SampleEvents events;
  const double start = seconds_now();
  events.on_step = [&](const SampleStep&) { return !interrupt.interrupted(); };
  events.on_batch = [&](int64_t done, int64_t count) {
    const double left = (seconds_now() - start) * static_cast<double>(count - done) / static_cast<double>(done);
    progress.show(fmt::format("sampling: {} of {} texts, {} left", done, count, duration(left)));
  };
  for (const auto& sample : generate(run, options, request, events)) result.texts.samples.push_back(sample.text);
  if (interrupt.interrupted()) throw Interrupted{};
  const double seconds = seconds_now() - start;
  result.config = run.config;
  result.origin = {{"run", arguments.run},
                   {"weights", run.weights},
                   {"step", run.state.value("step", int64_t{0})},
                   {"training_seconds", run.state.value("seconds", 0.0)},
                   {"validation_loss", run.state.value("best_loss", 0.0)},
                   {"parameters", run.model->parameter_count()},
                   {"sampling_steps", options.steps},
                   {"temperature", options.temperature},
                   {"sampler", options.sampler},
                   {"seed", arguments.seed},
                   {"sampling_seconds", seconds},
                   {"corpus_hash", run.data.value("hash", "")}};
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

Evaluated from_files(const EvalArguments& arguments) {
  Evaluated result;
  result.config = resolve(arguments.overrides.configuration());
  result.texts.samples = read_samples(arguments.samples);
  if (arguments.reference.size() == 1 && is_prepared(arguments.reference.front())) {
    result.texts.training = texts_of(read_prepared_documents(arguments.reference.front(), "train"));
    result.texts.held_out = texts_of(read_prepared_documents(arguments.reference.front(), "validation"));
  } else {
    const auto options = read_options<DataOptions>(result.config, "data");
    const Split split = split_documents(read_corpus(arguments.reference, "auto", result.config), options.validation,
                                        static_cast<uint64_t>(options.split_seed));
    result.texts.training = texts_of(split.training);
    result.texts.held_out = texts_of(split.validation);
  }
  result.origin = {{"samples", arguments.samples}, {"reference", arguments.reference}};
  return result;
}

void run_eval(const EvalArguments& arguments) {
  if (arguments.run.empty() == arguments.samples.empty()) {
    throw usage_error("eval", "expected either a run folder or --samples with --reference", "see `difflm eval --help`");
  }
  if (!arguments.samples.empty() && arguments.reference.empty()) throw usage_error("eval", "--samples needs --reference CORPUS");
  for (const auto& path : {arguments.json, arguments.keep}) {
    if (!path.empty()) write_text(path, "", true);  // says no before the work, not after
  }
  const Evaluated evaluated = arguments.run.empty() ? from_files(arguments) : from_run(arguments);
  const auto options = read_options<EvaluationOptions>(evaluated.config, "evaluation");
  std::unique_ptr<Judge> judge;
  if (!arguments.no_judge) {
    const std::string folder = arguments.judge.empty()
                                   ? train_judge(evaluated.texts.training, options.judge_steps, cache_folder(), say)
                                   : arguments.judge;
    judge = std::make_unique<AutoregressiveJudge>(folder);
  }
  const auto report =
      evaluate(evaluated.texts, judge.get(), options, evaluated.config);
  fmt::print("{}", evaluation_table(report));
  if (!arguments.json.empty()) {
    nlohmann::ordered_json json = evaluation_json(report);
    json["origin"] = evaluated.origin;
    json["run_config"] = evaluated.config.to_toml();
    replace_file_with_text(arguments.json, json.dump(2) + "\n");
  }
  if (!arguments.keep.empty()) {
    std::string lines;
    for (const auto& text : evaluated.texts.samples) lines += nlohmann::ordered_json{{"text", text}}.dump() + "\n";
    replace_file_with_text(arguments.keep, lines);
  }
}

}  // namespace

void add_eval(CLI::App& app) {
  auto arguments = std::make_shared<EvalArguments>();
  auto* verb = app.add_subcommand("eval", "judge texts against held-out text and against nonsense");
  verb->add_option("run", arguments->run, "a run folder to sample from");
  verb->add_option("--samples", arguments->samples, "or texts from a file: JSON lines (.jsonl), else one a line");
  verb->add_option("--reference", arguments->reference, "with --samples: the corpus they should resemble, or a prepared folder");
  verb->add_option("-n,--count", arguments->count, "texts to sample")->capture_default_str();
  verb->add_option("-s,--seed", arguments->seed, "seed of the samples")->capture_default_str();
  arguments->overrides.add_to(*verb);
  verb->add_option("--judge", arguments->judge, "an autoregressive run as judge; without it one is trained once and cached");
  verb->add_flag("--no-judge", arguments->no_judge, "leave judge perplexity out");
  verb->add_option("--json", arguments->json, "write all figures to this file");
  verb->add_option("--keep", arguments->keep, "write the texts to this file, as JSON lines");
  verb->footer("example: difflm eval runs/poems -n 1000 --steps 50 --json runs/poems/eval.json");
  verb->callback([arguments] { run_eval(*arguments); });
}

}  // namespace difflm
