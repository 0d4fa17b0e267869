// A diffusion and an autoregressive run of the same texts, each trained once.
#pragma once

#include <string>

#include "core/temporary_folder.h"
#include "difflm/model/run_folder.h"
#include "training/small_run.h"

namespace difflm::test {

// The folder of a run named `name` with the settings `toml`.
inline std::string trained_once(const std::string& name, const std::string& toml) {
  static const TemporaryFolder folder;
  const std::string path = folder.path() + "/" + name;
  if (!is_run(path)) tiny_run(tiny_run_config(toml + "[runtime]\nautocast = false\n"), path);
  return path;
}

inline std::string diffusion_run() { return trained_once("diffusion", ""); }

inline std::string autoregressive_run() {
  return trained_once("autoregressive", "[model]\nkind = \"autoregressive\"\n[train]\nsteps = 60\n");
}

}  // namespace difflm::test
