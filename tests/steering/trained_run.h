// A run on the builtin corpus, trained for a moment, that all tests of this room share.
#pragma once

#include "core/temporary_folder.h"
#include "difflm/steering/guide.h"
#include "training/small_run.h"

namespace difflm::test {

inline const std::string& trained_run_folder() {
  static const TemporaryFolder folder;
  static const std::string path = [] {
    const std::string run = folder.path() + "/run";
    tiny_run(tiny_run_config("[train]\nsteps = 300\nlearning_rate = 3e-3\n[runtime]\nautocast = false\n"), run);
    return run;
  }();
  return path;
}

// A classifier of that run, trained for a moment: "classifier" or "span-classifier".
inline std::string trained_classifier_folder(const std::string& kind) {
  const std::string folder = trained_run_folder() + "-" + kind;
  if (!is_run(folder)) {
    tiny_run(
        tiny_run_config("[model]\nkind = \"" + kind + "\"\n[model." + kind + "]\nmin_count = 3\nbase = \"" + trained_run_folder() +
                        "\"\n[train]\nsteps = 300\nlearning_rate = 3e-3\n[runtime]\nautocast = false\n"),
        folder);
  }
  return folder;
}

// An autoregressive model of the same texts and vocabulary.
inline std::string autoregressive_folder() {
  const std::string folder = trained_run_folder() + "-autoregressive";
  if (!is_run(folder)) {
    tiny_run(tiny_run_config("[model]\nkind = \"autoregressive\"\n[train]\nsteps = 100\n[runtime]\nautocast = false\n"), folder);
  }
  return folder;
}

inline std::unique_ptr<Guide> guide_of(Run& run, GuideResources& resources, const std::string& name, const std::string& wish,
                                       const std::string& toml = "") {
  Config config;
  if (!toml.empty()) config.read_toml(toml, "test.toml");
  return guides().make(name, config, {run, resources, wish, 1});
}

}  // namespace difflm::test
