// The run of a classifier as a guide needs it.
#pragma once

#include <string>

#include "difflm/model/frozen_base.h"

namespace difflm {

// Opens the run, on the device and threads of the model that is steered. Throws a usage error, for `option`, where it is missing or
// of another kind.
Run open_classifier(const std::string& folder, const Run& steered, const std::string& kind, const std::string& option);

// Throws a usage error where the classifier in `folder` was trained for another model than the one that is steered.
void check_base(const FrozenBase& base, const Run& steered, const std::string& folder);

}  // namespace difflm
