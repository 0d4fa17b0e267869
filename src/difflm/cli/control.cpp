// difflm control RUN --keyword pizza --length 14 ...: texts that fulfil wishes, by an unchanged model
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <memory>

#include "difflm/cli/classifier_runs.h"
#include "difflm/cli/console.h"
#include "difflm/cli/judging.h"
#include "difflm/cli/sample_overrides.h"
#include "difflm/cli/verb.h"
#include "difflm/cli/wish_flags.h"
#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/data/prepared.h"
#include "difflm/evaluation/evaluation.h"
#include "difflm/evaluation/judge/kneser_ney.h"
#include "difflm/steering/control.h"

namespace difflm {
namespace {

using Json = nlohmann::ordered_json;

struct ControlArguments {
  std::string run;
  SampleRequest request;
  SampleOverrides overrides;
  std::vector<WishSpec> wishes;  // in the order of the command line
  ClassifierRuns classifiers;
  std::string trace;
  bool jsonl = false;
  bool quiet = false;
};

Json to_json(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

// How fluent texts are, by n-grams of the training texts; null where these are gone.
std::unique_ptr<KneserNey> fluency_of_words(const Run& run) {
  const std::string prepared = prepared_folder(run.config, run.folder);
  if (!is_prepared(prepared)) return nullptr;
  std::vector<Words> training;
  for (const auto& text : as_the_model_writes(run, open_prepared(prepared).training)) training.push_back(split_words(text));
  return std::make_unique<KneserNey>(training, read_options<EvaluationOptions>(run.config, "evaluation").ngram_order);
}

double perplexity(const Judge& judge, const std::string& text) {
  const Judge::Score score = judge.score({text}).front();
  return std::exp(score.nats / static_cast<double>(score.tokens));
}

// `fluency`: null where it cannot be said.
Json to_json(const ControlledText& text, const std::vector<WishSpec>& wishes, const Judge* fluency) {
  Json json = {{"index", text.sample.index},
               {"text", text.sample.text},
               {"tokens", text.sample.tokens.size()},
               {"confidence", text.sample.confidence},
               {"ngram_perplexity", fluency != nullptr ? Json(perplexity(*fluency, text.sample.text)) : Json(nullptr)},
               {"network_evaluations", text.cost.network},
               {"guide_evaluations", text.cost.guides}};
  json["wishes"] = Json::array();
  for (size_t at = 0; at < wishes.size(); ++at) {
    const auto& outcome = text.outcomes[at];
    json["wishes"].push_back({{"guide", wishes[at].guide},
                              {"wish", wishes[at].text},
                              {"holds", outcome.holds ? Json(*outcome.holds) : Json(nullptr)},
                              {"log_probability", to_json(outcome.log_probability)}});
  }
  return json;
}

std::string trace_line(const ControlStep& view) {
  Json line = {{"step", view.step.index}, {"steps", view.step.count}, {"u", view.step.u}, {"samples", Json::array()}};
  const auto texts = view.step.texts();
  for (size_t row = 0; row < texts.size(); ++row) {
    Json values = Json::array();
    for (const auto& value : view.log_probabilities[row]) values.push_back(to_json(value));
    line["samples"].push_back({{"index", texts[row].index}, {"text", texts[row].text}, {"log_probabilities", values}});
  }
  return line.dump() + "\n";
}

// For each wish, how many of the texts fulfil it.
void say_outcome(const std::vector<ControlledText>& texts, const std::vector<WishSpec>& wishes) {
  for (size_t at = 0; at < wishes.size(); ++at) {
    size_t judged = 0;
    size_t holding = 0;
    for (const auto& text : texts) {
      judged += text.outcomes[at].holds ? 1 : 0;
      holding += text.outcomes[at].holds.value_or(false) ? 1 : 0;
    }
    if (judged > 0) say(fmt::format("{} \"{}\": {} of {}", wishes[at].guide, wishes[at].text, holding, judged));
  }
}

void run_control(const ControlArguments& arguments) {
  Run run = open_run(arguments.run);
  if (!arguments.trace.empty()) write_text(arguments.trace, "", true);  // says no before the work, not after
  const SamplingOptions sampling = arguments.overrides.apply(run);
  use_classifiers(run.config, arguments.classifiers);
  const auto options = read_options<ControlOptions>(run.config, "control");
  const InterruptGuard interrupt;
  ProgressLine progress;
  std::string trace;
  const double start = seconds_now();
  ControlEvents events;
  events.on_step = [&](const ControlStep& step) {
    if (!arguments.trace.empty()) trace += trace_line(step);
    return !interrupt.interrupted();
  };
  events.on_batch = [&](int64_t done, int64_t count) {
    if (arguments.quiet || done == 0 || done >= count) return;
    const double left = (seconds_now() - start) * static_cast<double>(count - done) / static_cast<double>(done);
    progress.show(fmt::format("{} of {} texts, {} left", done, count, duration(left)));
  };
  GuideResources resources(run);
  const auto texts = control(run, resources, sampling, options, arguments.wishes, arguments.request, events);
  progress.clear();
  if (interrupt.interrupted()) throw Interrupted{};
  const auto fluency = arguments.jsonl ? fluency_of_words(run) : nullptr;
  for (const auto& text : texts) {
    fmt::print("{}\n", arguments.jsonl ? to_json(text, arguments.wishes, fluency.get()).dump() : text.sample.text);
  }
  if (!arguments.trace.empty()) replace_file_with_text(arguments.trace, trace);
  if (!arguments.quiet) say_outcome(texts, arguments.wishes);
}

}  // namespace

void add_control(CLI::App& app) {
  auto arguments = std::make_shared<ControlArguments>();
  auto* verb = app.add_subcommand("control", "write texts that fulfil wishes, with a trained diffusion model");
  verb->add_option("run", arguments->run, "the run folder")->required();
  for (const auto& wish : wish_flags()) {
    verb->add_option_function<std::vector<std::string>>(
            wish.flag,
            [arguments, guide = wish.guide](const std::vector<std::string>& texts) {
              for (const auto& text : texts) arguments->wishes.push_back({guide, text});
            },
            wish.help)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  arguments->classifiers.add_to(*verb);
  verb->add_option("-n,--count", arguments->request.count, "how many texts")->capture_default_str();
  verb->add_option("-s,--seed", arguments->request.seed, "seed; text i of a seed is always the same")->capture_default_str();
  arguments->overrides.add_to(*verb);
  verb->add_option("--trace", arguments->trace, "write every step's texts and log-probabilities to this file, as JSON lines");
  verb->add_flag("--jsonl", arguments->jsonl, "one JSON object a text, with what became of each wish");
  verb->add_flag("-q,--quiet", arguments->quiet, "no progress and no count of fulfilled wishes");
  verb->footer(
      "Wishes of any kind and number add up. --set control.keywords.weight=2 control.rule=posterior and the like change how hard\n"
      "each pulls; `difflm list guide` and `difflm list rule` say what there is.\n"
      "example: difflm control runs/demo -n 4 --keyword cheese --length 10..16");
  verb->callback([arguments] { run_control(*arguments); });
}

}  // namespace difflm
