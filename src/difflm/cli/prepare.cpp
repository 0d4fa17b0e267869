// difflm prepare CORPUS ... -o DIR [key=value ...]
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "difflm/cli/configuration.h"
#include "difflm/cli/console.h"
#include "difflm/cli/end_on_interrupt.h"
#include "difflm/cli/verb.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/data/prepared.h"
#include "difflm/settings/catalogue.h"

namespace difflm {
namespace {

struct PrepareArguments {
  std::vector<std::string> overrides;
  std::string output;
};

void run_prepare(const PrepareArguments& arguments) {
  const SortedWords overrides = sort_words(arguments.overrides);
  Config config = read_overrides(overrides);
  if (!overrides.others.empty()) config.set("data.path", {overrides.others, "command line"});
  config = resolve(config);
  const bool is_new = !std::filesystem::exists(arguments.output);
  make_folder(arguments.output);
  const FolderLock lock(arguments.output);
  if (!lock.is_held()) print_message(unlocked_note(arguments.output));
  const CorpusFacts facts = [&] {
    const EndOnInterrupt interrupt("stopped; nothing was prepared", [&] {
      remove_unfinished(arguments.output);
      std::error_code ignored;
      if (is_new) std::filesystem::remove_all(arguments.output, ignored);
    });
    return prepare_data(read_options<DataOptions>(config, "data"), config, arguments.output);
  }();
  for (const auto& note : facts.source.notes) print_message(note);
  Json shown = to_json(facts);
  shown["training"].erase("lengths");
  shown["validation"].erase("lengths");
  fmt::print("{}\n", to_text(shown, 2));
  print_message("prepared; train on it with data.prepared=" + arguments.output);
}

}  // namespace

void add_prepare(CLI::App& app) {
  auto arguments = std::make_shared<PrepareArguments>();
  auto* verb = app.add_subcommand("prepare", "read, split and tokenise a corpus (train does it by itself)");
  verb->add_option("corpus", arguments->overrides,
                   "text files, globs, - for standard input; config files or presets (`builtin`); key=value")
      ->required();
  verb->add_option("-o,--output", arguments->output, "the folder to write")->required();
  verb->footer("example: difflm prepare poems.txt data.tokenizer=bpe -o data/poems");
  verb->callback([arguments] { run_prepare(*arguments); });
}

}  // namespace difflm
