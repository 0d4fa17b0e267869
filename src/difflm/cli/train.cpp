// difflm train CONFIG.toml [key=value ...] -o RUN
#include <fmt/format.h>

#include <memory>

#include "difflm/cli/configuration.h"
#include "difflm/cli/console.h"
#include "difflm/cli/training_session.h"
#include "difflm/cli/verb.h"

namespace difflm {
namespace {

struct TrainArguments {
  std::vector<std::string> overrides;  // config files and key=value
  std::string output;
};

// What to do with the run.
std::string next_command(const ModelInfo& run) {
  if (run.guide.empty()) return "difflm sample " + run.folder;
  return fmt::format("difflm control {} --{} {} --{} {}", run.base, run.guide, run.wish, run.kind, run.folder);
}

void run_train(const TrainArguments& arguments) {
  const SortedWords overrides = sort_words(arguments.overrides);
  check_no_others(overrides);
  train_with_progress({.folder = arguments.output, .configs = overrides.files, .settings = overrides.settings});
  print_message("now try: " + next_command(describe(arguments.output)));
}

}  // namespace

void add_train(CLI::App& app) {
  auto arguments = std::make_shared<TrainArguments>();
  auto* verb = app.add_subcommand("train", "train a model, or continue the run that the folder holds");
  verb->add_option("config", arguments->overrides,
                   "config files or presets (later ones win) and key=value overrides; `difflm list` shows all keys");
  verb->add_option("-o,--output", arguments->output, "the run folder")->required();
  verb->footer("example: difflm train configs/difflm.toml data.path=poems.txt train.minutes=10 -o runs/poems");
  verb->callback([arguments] { run_train(*arguments); });
}

}  // namespace difflm
