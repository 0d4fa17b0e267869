#include "difflm/serve/growing_log.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "difflm/core/json.h"

namespace difflm {
namespace {

struct LogFile {
  std::string name;
  int64_t bytes = 0;
};

// A file that is exchanged after this was asked is read under its old name once, and from the beginning the next time.
std::optional<LogFile> log_file(const std::string& path) {
  struct stat facts = {};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  return LogFile{fmt::format("{:x}", facts.st_ino), facts.st_size};
}

std::string bytes_of(const std::string& path, int64_t from, int64_t count) {
  std::ifstream in(path, std::ios::binary);
  in.seekg(from);
  std::string bytes(static_cast<size_t>(count), '\0');
  in.read(bytes.data(), count);
  bytes.resize(static_cast<size_t>(std::max<std::streamsize>(0, in.gcount())));
  return bytes;
}

// The lines of `bytes` that have an end.
std::vector<Json> objects_of(std::string_view bytes) {
  std::vector<Json> lines;
  for (size_t at = 0; at < bytes.size();) {
    const size_t end = bytes.find('\n', at);
    if (end == std::string_view::npos) break;
    Json line = try_parse_json(bytes.substr(at, end - at));
    if (line.is_object()) lines.push_back(std::move(line));
    at = end + 1;
  }
  return lines;
}

}  // namespace

LogPart read_log(const std::string& path, int64_t from, const std::string& log, int64_t most_bytes) {
  const auto file = log_file(path);
  if (!file) return {};
  LogPart part;
  part.log = file->name;
  const bool same = log.empty() || log == file->name;
  part.from = same && from <= file->bytes ? from : 0;
  const std::string bytes = bytes_of(path, part.from, std::min(most_bytes, file->bytes - part.from));
  const size_t end = bytes.rfind('\n');
  const bool whole = end != std::string::npos;
  // A single line longer than a part is passed over.
  const auto read = whole ? static_cast<int64_t>(end) + 1 : static_cast<int64_t>(bytes.size()) < most_bytes ? 0 : most_bytes;
  part.next = part.from + read;
  part.more = read > 0 && part.next < file->bytes;
  if (whole) part.lines = objects_of(bytes);
  return part;
}

std::vector<Json> last_lines(const std::string& path, int64_t most_bytes) {
  const auto file = log_file(path);
  if (!file) return {};
  const int64_t from = std::max(int64_t{0}, file->bytes - most_bytes);
  const std::string bytes = bytes_of(path, from, file->bytes - from);
  if (from == 0) return objects_of(bytes);
  const size_t first = bytes.find('\n');  // what is before it began earlier
  return first == std::string::npos ? std::vector<Json>() : objects_of(std::string_view(bytes).substr(first + 1));
}

}  // namespace difflm
