// A run on the builtin corpus, trained for a moment, that all tests of this room share.
#pragma once

#include "core/temporary_folder.h"
#include "difflm/control/guide.h"
#include "training/small_run.h"

namespace difflm::test {

inline const std::string& trained_run_folder() {
  static const TemporaryFolder folder;
  static const std::string path = [] {
    const std::string run = folder.path() + "/run";
    tiny_run(tiny_run_config(""), run);
    return run;
  }();
  return path;
}

inline std::unique_ptr<Guide> guide_of(Run& run, TrainingTexts& texts, const std::string& name, const std::string& wish,
                                       const std::string& toml = "") {
  Config config;
  if (!toml.empty()) config.read_toml(toml, "test.toml");
  return guides().make(name, config, {run, texts, wish, 1});
}

}  // namespace difflm::test
