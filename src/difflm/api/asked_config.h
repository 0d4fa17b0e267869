// What a request asks for by itself: its configurations, its TOML and its settings, the later the stronger.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/config.h"

namespace difflm {

// `configs`: TOML files, or presets by name. Not resolved: only what was asked for is in it.
Config read_asked(const std::vector<std::string>& configs, const std::string& toml, const std::vector<std::string>& settings);

// `below` with every key of `above` set to its value there.
Config overlaid(Config below, const Config& above);

}  // namespace difflm
