// The shipped configurations: configs/ of the source tree, which a build links to, or share/difflm/configs of an installation.
#pragma once

#include <string>
#include <vector>

namespace difflm {

struct Preset {
  std::string name;  // "difflm"
  std::string help;  // the first sentence of its comment
  std::string file;
};

// In the order of their names; none where they were not installed.
std::vector<Preset> presets();

// `name` itself where it is a file, else the file of the preset "difflm", "difflm.toml" or "configs/difflm.toml", else `name`.
std::string find_preset(const std::string& name);

}  // namespace difflm
