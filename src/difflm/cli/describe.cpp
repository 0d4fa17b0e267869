// difflm describe RUN
#include <fmt/format.h>

#include <memory>

#include "difflm/cli/console.h"
#include "difflm/cli/verb.h"
#include "difflm/core/config.h"
#include "difflm/core/json.h"
#include "difflm/core/usable_processors.h"
#include "difflm/difflm.h"

namespace difflm {
namespace {

// How many threads, and why.
std::string threads_of(const ModelInfo& run) {
  Config config;
  config.read_toml(run.configuration, run.folder);
  const auto* threads = config.find("runtime.threads");
  const auto* asked = threads == nullptr ? nullptr : std::get_if<int64_t>(&threads->data);
  return threads_in_words(asked == nullptr ? 0 : *asked);
}

void run_describe(const std::string& folder, bool json) {
  const ModelInfo run = describe(folder);
  Json facts = {{"run", folder},
                {"kind", run.kind},
                {"parameters", run.parameters},
                {"vocabulary", run.vocabulary},
                {"tokenizer", run.tokenizer},
                {"longest_sequence", run.longest},
                {"weights_used", run.weights},
                {"step", run.steps},
                {"training_seconds", run.seconds},
                {"tokens_seen", run.tokens},
                {"best_validation_loss", run.best_step < 0 ? Json(nullptr) : Json(run.best_loss)},
                {"best_step", run.best_step < 0 ? Json(nullptr) : Json(run.best_step)},
                {"finished", run.finished},
                {"corpus_hash", run.corpus_hash}};
  if (json) {
    facts["config"] = run.configuration;
    fmt::print("{}\n", to_text(facts, 2));
    return;
  }
  for (const auto& [name, value] : facts.items()) {
    std::string shown = value.is_string() ? value.get<std::string>() : to_text(value);
    if (value.is_null()) shown = "not validated yet";
    fmt::print("{:<22} {}\n", name, shown);
  }
  fmt::print("{:<22} {}\n{:<22} {}\n\n{}", "trained for", duration(run.seconds), "would compute with", threads_of(run),
             run.configuration);
}

}  // namespace

void add_describe(CLI::App& app) {
  struct Arguments {
    std::string run;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* verb = app.add_subcommand("describe", "show what a run is: model, corpus, progress, configuration");
  verb->add_option("run", arguments->run, "the run folder")->required();
  verb->add_flag("--json", arguments->json, "as one JSON object");
  verb->callback([arguments] { run_describe(arguments->run, arguments->json); });
}

}  // namespace difflm
