// Where this code lies, so that what is installed beside it can be found from any program that uses it.
#pragma once

#include <filesystem>

namespace difflm {

// The file this code was loaded from: libdifflm, or a program that has its objects inside. Empty where that cannot be said.
std::filesystem::path own_file();

}  // namespace difflm
