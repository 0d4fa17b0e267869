#include "difflm/data/source_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "difflm/core/error.h"
#include "difflm/corpora/corpus_files.h"
#include "difflm/corpora/source_file.h"

namespace difflm {
namespace {

namespace fs = std::filesystem;

// The files that the options name now; none where they cannot be found or come from a pipe.
std::vector<std::string> files_now(const DataOptions& options) {
  std::vector<std::string> files;
  if (!options.prepared.empty()) return files;
  for (const auto& pattern : options.path) {
    if (pattern == "-") return {};
    try {
      ReadingLog log(true);
      for (const auto& path : find_corpus_files({pattern}, log)) files.push_back(fs::absolute(path).lexically_normal().string());
    } catch (const Error&) {  // those that are gone are found by their descriptions
    }
  }
  return files;
}

}  // namespace

std::string change_of_sources(const CorpusFacts& facts, const DataOptions& options) {
  std::vector<std::string> changes;
  const auto& sources = facts.source.sources;
  for (const auto& file : sources) {
    const std::string change = change_of(file);
    if (!change.empty()) changes.push_back(file.path + " " + change);
  }
  const auto files = files_now(options);
  for (const auto& path : files) {
    if (sources.empty() || std::any_of(sources.begin(), sources.end(), [&](const auto& file) { return file.path == path; }))
      continue;
    changes.push_back(path + " is new");
  }
  if (sources.empty() && !files.empty()) {
    uintmax_t bytes = 0;
    std::error_code ignored;
    for (const auto& path : files) bytes += fs::file_size(path, ignored);
    if (bytes != facts.source.bytes) return fmt::format("data.path has changed ({} bytes, now {})", facts.source.bytes, bytes);
  }
  if (changes.empty()) return "";
  return changes.front() + (changes.size() == 1 ? "" : fmt::format(", and {} more files", changes.size() - 1));
}

}  // namespace difflm
