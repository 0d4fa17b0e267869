// difflm sample RUN -n 8 [--steps --seed --temperature --length --trace F --jsonl]
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "difflm/cli/console.h"
#include "difflm/cli/sample_overrides.h"
#include "difflm/cli/verb.h"
#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/sampling/generate.h"

namespace difflm {
namespace {

struct SampleArguments {
  std::string run;
  SampleRequest request;
  SampleOverrides overrides;
  std::string trace;
  bool jsonl = false;
  bool quiet = false;
};

nlohmann::ordered_json to_json(const SampledText& sample) {
  return {{"index", sample.index}, {"text", sample.text}, {"tokens", sample.tokens.size()}, {"confidence", sample.confidence}};
}

std::string trace_line(const SampleStep& step) {
  nlohmann::ordered_json line = {{"step", step.index}, {"steps", step.count}, {"u", step.u}};
  for (const auto& text : step.texts()) line["samples"].push_back(to_json(text));
  return line.dump() + "\n";
}

void run_sample(const SampleArguments& arguments) {
  if (arguments.request.length < 0)
    throw usage_error("--length", fmt::format("is {}, expected at least 1", arguments.request.length));
  Run run = open_run(arguments.run);
  if (!arguments.trace.empty()) write_text(arguments.trace, "", true);  // says no before the work, not after
  const SamplingOptions options = arguments.overrides.apply(run);
  const InterruptGuard interrupt;
  ProgressLine progress;
  std::string trace;
  const double start = seconds_now();
  SampleEvents events;
  events.on_step = [&](const SampleStep& step) {
    if (!arguments.trace.empty()) trace += trace_line(step);
    return !interrupt.interrupted();
  };
  events.on_batch = [&](int64_t done, int64_t count) {
    const double spent = seconds_now() - start;
    if (!arguments.quiet && done < count) {
      const double left = spent * static_cast<double>(count - done) / static_cast<double>(done);
      progress.show(fmt::format("{} of {} texts, {} left", done, count, duration(left)));
    }
  };
  const auto samples = generate(run, options, arguments.request, events);
  progress.clear();
  if (interrupt.interrupted()) throw Interrupted{};
  for (const auto& sample : samples) fmt::print("{}\n", arguments.jsonl ? to_json(sample).dump() : sample.text);
  if (!arguments.trace.empty()) replace_file_with_text(arguments.trace, trace);
}

}  // namespace

void add_sample(CLI::App& app) {
  auto arguments = std::make_shared<SampleArguments>();
  auto* verb = app.add_subcommand("sample", "write texts with a trained model");
  verb->add_option("run", arguments->run, "the run folder")->required();
  verb->add_option("-n,--count", arguments->request.count, "how many texts")->capture_default_str();
  verb->add_option("-s,--seed", arguments->request.seed, "seed; sample i of a seed is always the same text")->capture_default_str();
  verb->add_option("--length", arguments->request.length, "tokens of each text (models with bucket or block packing)");
  arguments->overrides.add_to(*verb);
  verb->add_option("--trace", arguments->trace, "write every step's texts to this file, as JSON lines");
  verb->add_flag("--jsonl", arguments->jsonl, "one JSON object a text");
  verb->add_flag("-q,--quiet", arguments->quiet, "no progress");
  verb->footer("example: difflm sample runs/poems -n 8 --steps 50 --temperature 0.9");
  verb->callback([arguments] { run_sample(*arguments); });
}

}  // namespace difflm
