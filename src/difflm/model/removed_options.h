// Options that are gone, so that runs and configurations which name them still open, or are told where the code is.
//
// The config.toml of a run holds every key with its value, those too that did nothing. A key that is gone and did nothing is
// dropped. One that did something is an error: without it the run would silently be another. What only has another name now is
// given it.
#pragma once

#include "difflm/core/config.h"

namespace difflm {

// `config` in today's names, without the keys that are gone and did nothing. Throws a usage error that names an option which is
// gone and did something, and the commit that has it.
Config without_removed_options(const Config& config);

// The same for the configuration of a run that is opened: what only says how texts are drawn or steered (sampling, control) may
// still be set to something else, so that is left for later.
Config without_removed_options_of_run(const Config& config);

}  // namespace difflm
