// difflm train CONFIG.toml [key=value ...] -o RUN
#include <fmt/format.h>

#include <map>
#include <memory>

#include "difflm/cli/configuration.h"
#include "difflm/cli/console.h"
#include "difflm/cli/training_session.h"
#include "difflm/cli/verb.h"

namespace difflm {
namespace {

struct TrainArguments {
  std::vector<std::string> words;  // config files and key=value
  std::string output;
};

// What to do with the run.
std::string next_command(const Facts& run) {
  static const std::map<std::string, std::string> wishes = {{"classifier", "--attribute FIELD=VALUE"},
                                                            {"span-classifier", "--span 'NP 1-4'"},
                                                            {"prefix-classifier", "--fudge FIELD=VALUE"}};
  const auto wish = wishes.find(run.kind);
  if (wish == wishes.end()) return "difflm sample " + run.folder;
  return fmt::format("difflm control {} {} --{} {}", run.base, wish->second, run.kind, run.folder);
}

void run_train(const TrainArguments& arguments) {
  const SortedWords words = sort_words(arguments.words);
  check_no_others(words);
  train_with_progress({.folder = arguments.output, .configs = words.files, .settings = words.settings});
  say("now try: " + next_command(describe(arguments.output)));
}

}  // namespace

void add_train(CLI::App& app) {
  auto arguments = std::make_shared<TrainArguments>();
  auto* verb = app.add_subcommand("train", "train a model; on a folder that holds a run, go on with it");
  verb->add_option("config", arguments->words,
                   "config files or presets (later ones win) and key=value overrides; `difflm list` shows all keys");
  verb->add_option("-o,--output", arguments->output, "the run folder")->required();
  verb->footer("example: difflm train configs/difflm.toml data.path=poems.txt train.minutes=10 -o runs/poems");
  verb->callback([arguments] { run_train(*arguments); });
}

}  // namespace difflm
