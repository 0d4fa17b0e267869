#include "difflm/api/run_settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "difflm/core/error.h"
#include "difflm/settings/catalogue.h"

namespace difflm {

Config with_settings(Config config, const std::vector<std::string>& settings, const std::vector<std::string>& sections) {
  Config given;
  for (const auto& setting : settings) given.read_override(setting);
  for (const auto& [key, value] : given.values()) {
    const bool free =
        std::any_of(sections.begin(), sections.end(), [&](const auto& section) { return key.starts_with(section + "."); });
    if (!free) {
      throw usage_error("settings", fmt::format("cannot change '{}' of a trained run", key),
                        fmt::format("only keys of the sections {} can be set here", fmt::join(sections, ", ")));
    }
    config.set(key, value);
  }
  return resolve(config);
}

}  // namespace difflm
