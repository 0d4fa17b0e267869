// The classifiers that a command line steers by: --classifier for attributes, --span-classifier for constituents and trees,
// --prefix-classifier for an autoregressive model.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "difflm/difflm.h"

namespace difflm {

void add_classifiers(CLI::App& verb, Classifiers& classifiers);

}  // namespace difflm
