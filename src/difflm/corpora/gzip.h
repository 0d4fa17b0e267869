// Unpacking gzip.
#pragma once

#include <string>

namespace difflm {

inline bool is_gzip(const std::string& bytes) { return bytes.starts_with("\x1F\x8B"); }

// The content, of all members one after another. Throws a usage error that names `path` where the data are damaged or cut.
std::string unpack_gzip(const std::string& bytes, const std::string& path);

}  // namespace difflm
