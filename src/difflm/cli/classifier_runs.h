// The classifiers that a command line steers by: --classifier for facts, --span-classifier for constituents and trees.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>

namespace difflm {

struct ClassifierRuns {
  std::string attributes;  // run folders; empty: as the run's configuration says
  std::string spans;

  void add_to(CLI::App& verb);
};

}  // namespace difflm
