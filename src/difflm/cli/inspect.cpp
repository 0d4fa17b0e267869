// difflm inspect TEXTS ... [CONFIG ...] [key=value ...] [--json]: what `train` would see and choose, without training
#include <fmt/format.h>

#include <memory>

#include "difflm/cli/configuration.h"
#include "difflm/cli/inspection_lines.h"
#include "difflm/cli/verb.h"

namespace difflm {
namespace {

void run_inspect(const std::vector<std::string>& words, bool json) {
  const SortedWords sorted = with_texts_by_key(sort_words(words));
  check_texts(sorted.others);
  const Inspection seen = inspect({.texts = sorted.others, .configs = sorted.files, .settings = sorted.settings});
  if (json) {
    fmt::print("{}\n", seen.json);
    return;
  }
  for (const auto& line : inspection_lines(seen)) fmt::print("{}\n", line);
}

}  // namespace

void add_inspect(CLI::App& app) {
  struct Arguments {
    std::vector<std::string> words;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* verb = app.add_subcommand("inspect", "look at texts: what is there, and what `difflm train` would choose for them");
  verb->add_option("texts", arguments->words,
                   "files, folders or globs, - for standard input; config files, presets and key=value as for train")
      ->required();
  verb->add_flag("--json", arguments->json, "as one JSON object");
  verb->footer("example: difflm inspect poems.txt");
  verb->callback([arguments] { run_inspect(arguments->words, arguments->json); });
}

}  // namespace difflm
