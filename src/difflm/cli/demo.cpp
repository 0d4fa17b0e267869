// difflm demo: the whole story in a terminal, on the built-in corpus.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include "difflm/cli/configuration.h"
#include "difflm/cli/console.h"
#include "difflm/cli/serving_session.h"
#include "difflm/cli/training_session.h"
#include "difflm/cli/verb.h"
#include "difflm/difflm.h"
#include "difflm/grammar/builtin_grammar.h"
#include "difflm/text/words.h"

namespace difflm {
namespace {

struct DemoArguments {
  std::string output = "runs/demo";
  double minutes = 3;
  bool serve = false;
  std::vector<std::string> words;
};

constexpr int64_t kSamples = 8;
constexpr double kStepsToWrite = 4000;  // of the preset: after these most texts are right (docs/tried.md)

bool is_shown(int64_t index, int64_t count) {
  const int64_t last = count - 1;
  return index == 0 || index == last || index * 8 / count != (index - 1) * 8 / count;
}

void show_appearance(const Model& model, uint64_t seed) {
  fmt::print("\nOne text appears out of noise (u: noise level, sure: the model's own confidence)\n\n");
  const auto show = [](const Snapshot& moment) {
    if (is_shown(moment.step, moment.steps)) {
      const Text text = moment.texts().front();
      fmt::print("  step {:>3}  u {:.2f}  sure {:>3.0f}%  {}\n", moment.step + 1, moment.noise, 100 * text.confidence, text.text);
    }
    return true;
  };
  model.sample({.seed = seed, .on_step = show});
}

void show_samples(const Model& model, uint64_t seed) {
  fmt::print("\nEight texts (+ the grammar that made the corpus could have written it, - it could not)\n\n");
  const auto& grammar = builtin_grammar();
  int64_t accepted = 0;
  for (const auto& text : model.sample({.count = kSamples, .seed = seed})) {
    const bool good = grammar.accepts(split_words(text.text));
    accepted += good ? 1 : 0;
    fmt::print("  {} {}\n", good ? '+' : '-', text.text);
  }
  fmt::print("\n  {} of {} are sentences of the grammar\n", accepted, kSamples);
}

// How long this machine needs, where the time was too short; processors differ by a factor of ten.
void show_time_needed(const ModelInfo& run) {
  const auto steps = static_cast<double>(run.steps);
  if (steps >= kStepsToWrite / 2) return;
  const double minutes = run.seconds / 60 * kStepsToWrite / std::max(1.0, steps);
  fmt::print("  trained for {:.0f} steps; after {:.0f} most are: difflm demo --minutes {:.0f}\n", steps, kStepsToWrite,
             std::ceil(minutes));
}

void show_roundings(const Model& model, uint64_t seed) {
  fmt::print("\nThe same latents on their way, decoded by learned rounding and by cosine similarity\n");
  const auto show = [](const Snapshot& moment) {
    if (is_shown(moment.step, moment.steps)) {
      fmt::print("\n  u {:.2f}  learned  {}\n          cosine   {}\n", moment.noise, moment.texts().front().text,
                 moment.texts_by("cosine").front().text);
    }
    return true;
  };
  // Committed tokens are the same under any rounding.
  model.sample({.seed = seed, .settings = {"sampling.settle=1", "sampling.corrections=0"}, .on_step = show});
}

void show_steered(const Model& model, const std::string& folder, uint64_t seed) {
  const std::vector<std::pair<std::string, std::vector<Wish>>> shown = {
      {"--keyword cheese --length 10..16", {{"keywords", "cheese"}, {"length", "10..16"}}},
      {"--infill \"There is a _ cafe * called _ _ .\"", {{"infill", "There is a _ cafe * called _ _ ."}}},
  };
  std::string lines;
  try {
    for (const auto& [command, wishes] : shown) {
      lines += fmt::format("\n  {}\n", command);
      for (const auto& text : model.sample({.count = 3, .seed = seed, .wishes = wishes})) lines += "    " + text.text + "\n";
    }
  } catch (const RunError& error) {
    if (error.kind() != RunError::Kind::usage) throw;
    return;  // a corpus of other words
  }
  fmt::print("\nThe same model, steered (difflm control {} ...)\n{}", folder, lines);
}

void run_demo(const DemoArguments& arguments) {
  print_message(
      fmt::format("difflm demo: trains a small text-diffusion model for {:g} minutes, then writes with it", arguments.minutes));
  std::vector<std::string> settings = {fmt::format("train.minutes={}", arguments.minutes)};
  const SortedWords words = sort_words(arguments.words);
  check_no_others(words);
  settings.insert(settings.end(), words.settings.begin(), words.settings.end());
  std::vector<std::string> configs = {"builtin"};
  configs.insert(configs.end(), words.files.begin(), words.files.end());
  train_with_progress({.folder = arguments.output, .configs = configs, .settings = settings});

  const Model model = Model::open(arguments.output);
  show_appearance(model, 1);
  show_roundings(model, 2);
  show_samples(model, 3);
  show_time_needed(model.info());
  show_steered(model, arguments.output, 4);
  fmt::print(
      "\nThe run is in {0}. Next: difflm serve {0} --open shows all this on a page · difflm sample {0} -n 8 · difflm eval {0} · "
      "difflm train yours.txt\n",
      arguments.output);
  if (!arguments.serve) return;
  std::fflush(stdout);
  ServeArguments page;
  page.runs = {arguments.output};
  page.open = true;
  page.options.port = 0;
  serve_with_messages(page);
}

}  // namespace

void add_demo(CLI::App& app) {
  auto arguments = std::make_shared<DemoArguments>();
  auto* verb = app.add_subcommand("demo", "the whole story in a few minutes: train on the built-in corpus, watch text appear");
  verb->add_option("-o,--output", arguments->output, "the run folder")->capture_default_str();
  verb->add_option("--minutes", arguments->minutes, "how long to train")->capture_default_str();
  verb->add_flag("--serve", arguments->serve, "at the end, open the page on which the model can be watched and steered");
  verb->add_option("overrides", arguments->words, "key=value overrides");
  verb->callback([arguments] { run_demo(*arguments); });
}

}  // namespace difflm
