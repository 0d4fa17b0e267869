// Everything that can be configured: all sections and all families. What `list` prints, what `train` checks keys against.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/family.h"

namespace difflm {

// All families, in the order in which data flows.
std::vector<FamilyInfo> all_families();

// A group of options that belongs to no variant, for instance `train`.
struct SectionInfo {
  std::string name;
  std::string help;
  std::vector<OptionInfo> options;
};
std::vector<SectionInfo> all_sections();

// Checks every key and value of `config` and returns it with all defaults filled in: of each section, and of each chosen variant.
// Throws a usage error that names the nearest key.
Config resolve(const Config& config);

}  // namespace difflm
