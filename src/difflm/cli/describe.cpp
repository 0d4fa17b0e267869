// difflm describe RUN
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "difflm/cli/console.h"
#include "difflm/cli/verb.h"
#include "difflm/core/files.h"
#include "difflm/model/run_folder.h"

namespace difflm {
namespace {

void run_describe(const std::string& folder, bool json) {
  const Run run = open_run(folder);
  nlohmann::ordered_json facts = {{"run", folder},
                                  {"kind", run.model->kind()},
                                  {"parameters", run.model->parameter_count()},
                                  {"vocabulary", run.tokenizer->size()},
                                  {"tokenizer", run.tokenizer->kind()},
                                  {"longest_sequence", run.length},
                                  {"weights_used", run.weights},
                                  {"step", run.progress.step},
                                  {"training_seconds", run.progress.seconds},
                                  {"tokens_seen", run.progress.tokens},
                                  {"best_validation_loss", run.progress.best_loss},
                                  {"best_step", run.progress.best_step},
                                  {"finished", run.progress.finished},
                                  {"corpus_hash", run.corpus.hash}};
  if (json) {
    facts["config"] = run.config.to_toml();
    fmt::print("{}\n", facts.dump(2));
    return;
  }
  for (const auto& [name, value] : facts.items()) {
    fmt::print("{:<22} {}\n", name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  fmt::print("{:<22} {}\n\n{}", "trained for", duration(run.progress.seconds), run.config.to_toml());
}

}  // namespace

void add_describe(CLI::App& app) {
  struct Arguments {
    std::string run;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* verb = app.add_subcommand("describe", "say what a run is: model, corpus, progress, configuration");
  verb->add_option("run", arguments->run, "the run folder")->required();
  verb->add_flag("--json", arguments->json, "as one JSON object");
  verb->callback([arguments] { run_describe(arguments->run, arguments->json); });
}

}  // namespace difflm
