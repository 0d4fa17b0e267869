#include "difflm/api/asked_config.h"

#include <fmt/format.h>

#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/settings/presets.h"

namespace difflm {

Config read_asked(const std::vector<std::string>& configs, const std::string& toml, const std::vector<std::string>& settings) {
  Config config;
  for (const auto& name : configs) {
    const std::string file = find_preset(name);
    if (!file.ends_with(".toml")) {
      std::vector<std::string> names;
      for (const auto& preset : presets()) names.push_back(preset.name);
      throw usage_error("configs", fmt::format("'{}' is neither a TOML file nor a preset", name), suggestion(name, names));
    }
    config.read_file(file);
  }
  if (!toml.empty()) config.read_toml(toml, "toml");
  for (const auto& setting : settings) config.read_override(setting);
  return config;
}

Config overlaid(Config below, const Config& above) {
  for (const auto& [key, value] : above.values()) below.set(key, value);
  return below;
}

}  // namespace difflm
