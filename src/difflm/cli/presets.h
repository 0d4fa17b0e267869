// Where the shipped configurations lie: configs/ of the source tree, or share/difflm/configs of an installation.
#pragma once

#include <string>

namespace difflm {

// `name` itself where it is a file, else the shipped preset of that name ("builtin" or "builtin.toml"), else `name`.
std::string find_preset(const std::string& name);

}  // namespace difflm
