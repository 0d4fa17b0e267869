// Settings that a request puts over those of a trained run.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/config.h"

namespace difflm {

// `config` with `settings`, "key=value", and all defaults. The rest of a configuration made the model and cannot change any more:
// throws a usage error for a key of another section than `sections`, for an unknown one, and for a wrong value.
Config with_settings(Config config, const std::vector<std::string>& settings, const std::vector<std::string>& sections);

}  // namespace difflm
