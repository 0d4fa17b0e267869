#include "difflm/corpora/source_file.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <vector>

#include "difflm/core/random.h"

namespace difflm {
namespace {

namespace fs = std::filesystem;

int64_t modified(const std::string& path) {
  std::error_code ignored;
  const auto time = fs::last_write_time(path, ignored).time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

// By pieces, since a corpus may be large.
std::string hash_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> piece(1 << 16);
  uint64_t hash = 0;
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0)
    hash = scatter(hash ^ hash_text({piece.data(), static_cast<size_t>(in.gcount())}));
  return fmt::format("{:016x}", hash);
}

}  // namespace

std::optional<SourceFile> describe_source(const std::string& path) {
  std::error_code error;
  if (path == "-" || !fs::is_regular_file(path, error)) return std::nullopt;
  return SourceFile{fs::absolute(path).lexically_normal().string(), fs::file_size(path), modified(path), hash_of_file(path)};
}

std::string change_of(const SourceFile& file) {
  std::error_code error;
  if (!fs::is_regular_file(file.path, error)) return "is gone";
  const uint64_t bytes = fs::file_size(file.path, error);
  if (bytes != file.bytes) return fmt::format("has changed ({} bytes, now {})", file.bytes, bytes);
  if (modified(file.path) == file.modified || hash_of_file(file.path) == file.hash) return "";
  return "has changed (of the same size)";
}

}  // namespace difflm
