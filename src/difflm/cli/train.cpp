// difflm train CONFIG.toml [key=value ...] -o RUN
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "difflm/cli/configuration.h"
#include "difflm/cli/console.h"
#include "difflm/cli/train_session.h"
#include "difflm/cli/verb.h"
#include "difflm/model/model_kind.h"
#include "difflm/model/reader.h"
#include "difflm/settings/catalogue.h"

namespace difflm {
namespace {

struct TrainArguments {
  std::vector<std::string> words;  // config files and key=value
  std::string output;
};

std::string next_command(const Config& config, const std::string& folder) {
  const ModelKind& kind = model_kind(config);
  if (kind.writes) return "difflm sample " + folder;
  const std::string base = read_options<ReaderOptions>(config, "model." + kind.name).base;
  return fmt::format("difflm control {} --{} {} --{} {}", base, kind.guide, kind.wish, kind.name, folder);
}

void run_train(const TrainArguments& arguments) {
  std::vector<std::string> words = arguments.words;
  const std::string own = arguments.output + "/config.toml";
  if (!names_a_file(words) && std::filesystem::exists(own)) words.insert(words.begin(), own);
  const Config config = resolve(read_words(words));
  train_with_progress(config, arguments.output);
  say("now try: " + next_command(config, arguments.output));
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
