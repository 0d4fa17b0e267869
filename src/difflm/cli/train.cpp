// difflm train TEXTS ... [CONFIG ...] [key=value ...] [-o RUN] [--watch [PORT]]
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "difflm/cli/configuration.h"
#include "difflm/cli/console.h"
#include "difflm/cli/serving_session.h"
#include "difflm/cli/training_session.h"
#include "difflm/cli/training_watch.h"
#include "difflm/cli/verb.h"
#include "difflm/core/error.h"
#include "difflm/serve/http.h"

namespace difflm {
namespace {

struct TrainArguments {
  std::vector<std::string> words;  // texts, config files, presets and key=value
  std::string output;
  std::optional<std::string> watch;  // the port, or empty
};

bool is_run_folder(const std::string& path) {
  return std::filesystem::exists(path + "/config.toml") && std::filesystem::exists(path + "/data.json");
}

// What to do with the run.
std::string next_command(const ModelInfo& run) {
  if (run.guide.empty()) return "difflm sample " + run.folder;
  return fmt::format("difflm control {} --{} {} --{} {}", run.base, run.guide, run.wish, run.kind, run.folder);
}

// A port may follow --watch, and so may the first of the texts, which the parser of the command line takes for one.
void give_back_word(TrainArguments& arguments, const CLI::App& verb) {
  if (!arguments.watch || arguments.watch->find_first_not_of("0123456789") == std::string::npos) return;
  std::ptrdiff_t before = 0;
  for (const auto* option : verb.parse_order()) {
    if (option->get_name() == "--watch") break;
    if (option->get_positional()) ++before;
  }
  arguments.words.insert(arguments.words.begin() + before, *arguments.watch);
  arguments.watch = "";
}

std::optional<int> port_of(const std::string& word) {
  if (word.empty()) return std::nullopt;
  constexpr int kLastPort = 65535;
  const int port = word.size() > 5 ? kLastPort + 1 : std::stoi(word);
  if (port > kLastPort) throw usage_error("watch", fmt::format("is {}, expected a port, 0 to {}", word, kLastPort));
  return port;
}

void run_train(const TrainArguments& arguments) {
  SortedWords words = with_texts_by_key(sort_words(arguments.words));
  std::string folder = arguments.output;
  if (words.others.size() == 1 && words.files.empty() && folder.empty() && is_run_folder(words.others.front())) {
    folder = words.others.front();
    words.others.clear();
  }
  if (arguments.words.empty() && !std::filesystem::exists(folder + "/config.toml")) {
    throw usage_error("train", "expected texts to learn from",
                      "for example difflm train poems.txt; a folder, a table or JSON will do as well. `difflm demo` needs no text");
  }
  check_texts(words.others);
  TrainRequest request = {.folder = folder, .texts = words.others, .configs = words.files, .settings = words.settings};
  std::optional<TrainingWatch> watch;
  if (arguments.watch) {
    request.on_folder = [&, port = port_of(*arguments.watch)](const std::string& run) {
      watch.emplace(run, port);
      print_message(fmt::format("watch it on {}#training={}", watch->address(), percent_encoded(run_name(run))));
    };
  }
  const Training done = train_with_progress(std::move(request));
  print_message("now try: " + next_command(describe(done.folder)));
}

}  // namespace

void add_train(CLI::App& app) {
  auto arguments = std::make_shared<TrainArguments>();
  auto* verb = app.add_subcommand("train", "train a model, or continue the run that the folder holds");
  verb->add_option(
      "texts", arguments->words,
      "files, folders or globs of texts, - for standard input: the recipe is fitted to them (difflm inspect shows how);\n"
      "config files or presets (later ones win) and key=value, which both win over what is chosen");
  verb->add_option("-o,--output", arguments->output, "the run folder; without it runs/NAME, after the texts");
  auto* watch =
      verb->add_option("--watch", arguments->watch,
                       "show it on a page of this machine while it trains: losses, speed, samples; on this port, else on 8080 or\n"
                       "the next that is free");
  watch->expected(0, 1)->type_name("[PORT]");
  verb->footer(
      "`difflm list` shows presets and parts, `difflm list --all` every key. A folder that holds a run: goes on with it.\n"
      "examples: difflm train poems.txt\n"
      "          difflm train 'texts/**/*.txt' train.minutes=30 -o runs/poems\n"
      "          difflm train configs/difflm.toml data.path=poems.txt train.minutes=10 -o runs/poems   # the preset as it is");
  verb->callback([arguments, verb, watch] {
    if (watch->count() > 0 && !arguments->watch) arguments->watch = "";
    give_back_word(*arguments, *verb);
    run_train(*arguments);
  });
}

}  // namespace difflm
