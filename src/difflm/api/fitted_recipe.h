// The recipe fitted to somebody's texts: they are read and profiled, and what was not asked for is chosen. The preset of the kind
// of model is below everything.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/config.h"
#include "difflm/difflm.h"

namespace difflm {

struct FittedRecipe {
  Inspection inspection;
  Config config;  // resolved: preset, then what was chosen, then what was asked for
};

// `asked` names the texts as data.path.
FittedRecipe fit_recipe(const Config& asked);

// The preset below a recipe for the kind of model that is asked for. Throws a usage error for a kind that reads the texts of
// another run.
Config preset_below(const Config& asked);

}  // namespace difflm
