// Options that were removed: runs and configurations that name them still open, or an error says where the code is.
//
// The config.toml of a run holds every key with its value, including those that had no effect. A removed key that had no effect is
// dropped. One that had an effect is an error: without it the run would silently be another. What was only renamed gets its new
// name.
#pragma once

#include "difflm/core/config.h"

namespace difflm {

// `config` in today's names, without the removed keys that had no effect. Throws a usage error where a removed option had an
// effect; it names the option and the commit that has it.
Config without_removed_options(const Config& config);

// The same for the configuration of a run that is opened: what only says how texts are drawn or steered (sampling, control) may
// still be set to something else, so that is checked later.
Config without_removed_options_of_run(const Config& config);

}  // namespace difflm
