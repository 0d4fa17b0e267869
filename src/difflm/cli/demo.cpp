// difflm demo: the whole story in a terminal, on the built-in corpus.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "difflm/cli/configuration.h"
#include "difflm/cli/console.h"
#include "difflm/cli/train_session.h"
#include "difflm/cli/verb.h"
#include "difflm/core/files.h"
#include "difflm/grammar/builtin_grammar.h"
#include "difflm/model/runtime.h"
#include "difflm/sampling/generate.h"
#include "difflm/settings/catalogue.h"
#include "difflm/steering/control.h"
#include "difflm/text/words.h"

namespace difflm {
namespace {

struct DemoArguments {
  std::string output = "runs/demo";
  double minutes = 3;
  std::vector<std::string> words;
};

constexpr int64_t kSamples = 8;
constexpr double kStepsToWrite = 4000;  // of the preset: then most texts are right (docs/tried.md)

bool is_shown(size_t index, size_t count) {
  const size_t last = count - 1;
  return index == 0 || index == last || index * 8 / count != (index - 1) * 8 / count;
}

void show_appearance(Run& run, const SamplingOptions& options, uint64_t seed) {
  fmt::print("\nOne text appears out of noise (u: noise level, sure: the model's own confidence)\n\n");
  SampleEvents events;
  events.on_step = [](const SampleStep& step) {
    if (is_shown(step.index, step.count)) {
      const auto text = step.texts().front();
      fmt::print("  step {:>3}  u {:.2f}  sure {:>3.0f}%  {}\n", step.index + 1, step.u, 100 * text.confidence, text.text);
    }
    return true;
  };
  generate(run, options, {1, seed, 0}, events);
}

void show_samples(Run& run, const SamplingOptions& options, uint64_t seed) {
  fmt::print("\nEight texts (+ the grammar that made the corpus could have written it, - it could not)\n\n");
  const auto& grammar = builtin_grammar();
  int64_t accepted = 0;
  for (const auto& sample : generate(run, options, {kSamples, seed, 0})) {
    const bool good = grammar.accepts(split_words(sample.text));
    accepted += good ? 1 : 0;
    fmt::print("  {} {}\n", good ? '+' : '-', sample.text);
  }
  fmt::print("\n  {} of {} are sentences of the grammar\n", accepted, kSamples);
}

// How long this machine needs, where the time was too short for it; processors differ by a factor of ten.
void show_time_needed(const Run& run) {
  const double steps = static_cast<double>(run.progress.step);
  if (steps >= kStepsToWrite / 2) return;
  const double minutes = run.progress.seconds / 60 * kStepsToWrite / std::max(1.0, steps);
  fmt::print("  trained for {:.0f} steps; after {:.0f} most are: difflm demo --minutes {:.0f}\n", steps, kStepsToWrite,
             std::ceil(minutes));
}

void show_roundings(Run& run, SamplingOptions options, uint64_t seed) {
  options.settle = 1;  // settled words are the same by any rounding
  options.corrections = 0;
  fmt::print("\nThe same latents on their way, decoded by learned rounding and by cosine similarity\n");
  SampleEvents events;
  events.on_step = [](const SampleStep& step) {
    if (is_shown(step.index, step.count)) {
      fmt::print("\n  u {:.2f}  learned  {}\n          cosine   {}\n", step.u, step.texts().front().text,
                 step.texts_by("cosine").front().text);
    }
    return true;
  };
  generate(run, options, {1, seed, 0}, events);
}

void show_steered(Run& run, const SamplingOptions& options, uint64_t seed) {
  const std::vector<std::pair<std::string, std::vector<WishSpec>>> shown = {
      {"--keyword cheese --length 10..16", {{"keywords", "cheese"}, {"length", "10..16"}}},
      {"--infill \"There is a _ cafe * called _ _ .\"", {{"infill", "There is a _ cafe * called _ _ ."}}},
  };
  const auto words = run.tokenizer->encode("cheese There is a cafe called .");
  if (std::find(words.begin(), words.end(), kUnknown) != words.end()) return;  // a corpus of other words
  const auto steering = read_options<ControlOptions>(run.config, "control");   // as the command would
  fmt::print("\nThe same model, steered (difflm control {} ...)\n", run.folder);
  GuideResources resources(run);
  for (const auto& [command, wishes] : shown) {
    fmt::print("\n  {}\n", command);
    for (const auto& text : control(run, resources, options, steering, wishes, {3, seed, 0}))
      fmt::print("    {}\n", text.sample.text);
  }
}

void run_demo(const DemoArguments& arguments) {
  std::vector<std::string> words = {"builtin", fmt::format("train.minutes={}", arguments.minutes)};
  words.insert(words.end(), arguments.words.begin(), arguments.words.end());
  const Config config = read_words(words);
  const Config resolved = resolve(config);
  say(fmt::format("difflm demo: trains a small text-diffusion model for {:g} minutes, then writes with it", arguments.minutes));
  train_with_progress(resolved, arguments.output);

  Run run = open_run(arguments.output);
  use_runtime(read_options<RuntimeOptions>(resolved, "runtime"), *run.model);
  const auto options = read_options<SamplingOptions>(resolved, "sampling");
  show_appearance(run, options, 1);
  show_roundings(run, options, 2);
  show_samples(run, options, 3);
  show_time_needed(run);
  show_steered(run, options, 4);
  fmt::print(
      "\nThe run is in {}. Next: difflm sample {} -n 8 · difflm eval {} · difflm train configs/difflm.toml data.path=yours.txt -o "
      "runs/yours\n",
      arguments.output, arguments.output, arguments.output);
}

}  // namespace

void add_demo(CLI::App& app) {
  auto arguments = std::make_shared<DemoArguments>();
  auto* verb = app.add_subcommand("demo", "the whole story in a few minutes: train on the built-in corpus, watch text appear");
  verb->add_option("-o,--output", arguments->output, "the run folder")->capture_default_str();
  verb->add_option("--minutes", arguments->minutes, "how long to train")->capture_default_str();
  verb->add_option("overrides", arguments->words, "key=value overrides");
  verb->callback([arguments] { run_demo(*arguments); });
}

}  // namespace difflm
