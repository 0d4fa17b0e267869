// Where this code is, so that what is installed beside it can be found from any program that uses it.
#pragma once

#include <filesystem>

namespace difflm {

// The file this code was loaded from: libdifflm, or a program linked with its objects. Empty where that is unknown.
std::filesystem::path own_file();

}  // namespace difflm
