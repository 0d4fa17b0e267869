// A file that a corpus was read from, described so that a later change of it can be noticed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace difflm {

struct SourceFile {
  std::string path;  // in full, so that it is found from any folder
  uint64_t bytes = 0;
  int64_t modified = 0;  // nanoseconds, by the clock of the file system
  std::string hash;      // of the bytes
  bool operator==(const SourceFile&) const = default;
};

// Nothing for standard input and pipes, which cannot be read twice.
std::optional<SourceFile> describe_source(const std::string& path);

// How the file differs from its description, "is gone" or "has changed (120 bytes, now 180)"; empty where it does not. The content
// is read only where the size is the same and the time is not, as after a copy.
std::string change_of(const SourceFile& file);

}  // namespace difflm
