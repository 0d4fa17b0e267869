// The classifiers that a command line steers by: --classifier for facts, --span-classifier for constituents and trees,
// --prefix-classifier for an autoregressive model.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "difflm/steering/control.h"

namespace difflm {

struct ClassifierRuns : ClassifierFolders {
  void add_to(CLI::App& verb);
};

}  // namespace difflm
