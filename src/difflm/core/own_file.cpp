#include "difflm/core/own_file.h"

#include <dlfcn.h>
#include <link.h>

#include <string>

namespace difflm {
namespace {

constexpr int kHere = 0;

}  // namespace

// Looks up an object, not a function: a function's address may be an entry in the main program.
std::filesystem::path own_file() {
  Dl_info info{};
  void* found = nullptr;
  if (dladdr1(&kHere, &info, &found, RTLD_DL_LINKMAP) == 0 || found == nullptr) return {};
  const std::string name = static_cast<const link_map*>(found)->l_name;
  std::error_code unreadable;
  return std::filesystem::canonical(name.empty() ? "/proc/self/exe" : name, unreadable);  // the main program has no name
}

}  // namespace difflm
