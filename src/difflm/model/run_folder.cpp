#include "difflm/model/run_folder.h"

#include <fmt/format.h>

#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/data/prepared.h"
#include "difflm/model/removed_options.h"

namespace difflm {
namespace {

// The best weights only where the run stops early: one that was resumed without patience has been trained beyond them.
std::string choose_weights(const Config& config, const std::string& folder, const std::string& weights) {
  if (weights != "auto") return weights;
  const auto* patience = config.find("train.patience");
  const bool stops_early = patience != nullptr && patience->data != ConfigValue::Data(int64_t{0});
  return stops_early && std::filesystem::exists(folder + "/best.safetensors") ? "best" : "ema";
}

// Runs of 0.1 did not say what became of texts longer than their sequences.
Config with_its_long_texts(Config config) {
  if (config.find("data.long") != nullptr) return config;
  const bool padded = read_options<DataOptions>(config, "data").packing == "pad";
  config.set("data.long", {std::string(padded ? "cut" : "leave-out"), "a run of difflm 0.1"});
  return config;
}

}  // namespace

bool is_run(const std::string& folder) { return std::filesystem::exists(progress_path(folder)); }

std::string prepared_folder(const Config& config, const std::string& folder) {
  const auto options = read_options<DataOptions>(config, "data");
  return options.prepared.empty() ? folder + "/data" : options.prepared;
}

Config read_run_config(const std::string& folder) {
  if (!std::filesystem::exists(folder)) throw usage_error(folder, "no such run folder", "`train` makes one");
  if (!is_run(folder)) {
    throw usage_error(
        folder, "holds no checkpoint, expected a run folder made by `train`",
        std::filesystem::exists(folder + "/config.toml") ? "its training stopped before the first checkpoint: run it again" : "");
  }
  Config saved;
  saved.read_file(folder + "/config.toml");
  return with_its_long_texts(without_removed_options_of_run(saved));
}

Run open_run(const std::string& folder, const std::string& weights) {
  Run run;
  run.folder = folder;
  run.config = read_run_config(folder);
  run.tokenizer = open_tokenizer(folder + "/tokenizer.json");
  run.corpus = read_corpus_facts(folder + "/data.json");
  run.progress = read_progress(progress_path(folder));
  const auto options = read_options<DataOptions>(run.config, "data");
  run.length = options.length;
  run.packing = make_packing(options, run.config, *run.tokenizer);
  run.weights = choose_weights(run.config, folder, weights);
  const std::string path =
      run.weights == "best" ? folder + "/best.safetensors" : folder + "/checkpoint/" + run.weights + ".safetensors";
  const NamedTensors tensors = read_safetensors(path).tensors;
  run.model = build_model({.config = &run.config,
                           .tokenizer = run.tokenizer.get(),
                           .max_length = run.length,
                           .labels = run.corpus.labels,
                           .saved = &tensors,
                           .saved_in = path},
                          0);
  run.model->eval();
  return run;
}

}  // namespace difflm
