#include "difflm/evaluation/cache_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/files.h"

namespace difflm {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Why nothing can be written there; empty where it can.
std::string obstacle(const std::string& folder) {
  try {
    make_folder(folder);
    const std::string probe = fmt::format("{}/.probe-{}", folder, ::getpid());
    write_text(probe, "x");
    ::unlink(probe.c_str());
  } catch (const Error& error) {
    return error.problem();
  }
  return "";
}

}  // namespace

std::vector<std::string> cache_folders(const std::string& beside) {
  std::vector<std::string> folders;
  // A relative path in XDG_CACHE_HOME is to be ignored, by its specification.
  if (const auto cache = variable("XDG_CACHE_HOME"); cache.starts_with('/')) {
    folders.push_back(cache + "/difflm");
  } else if (const auto home = variable("HOME"); !home.empty()) {
    folders.push_back(home + "/.cache/difflm");
  }
  if (!beside.empty()) folders.push_back(beside + "/cache");
  std::error_code none;
  const auto temporary = std::filesystem::temp_directory_path(none);
  folders.push_back(fmt::format("{}/difflm-{}", none ? "/tmp" : temporary.string(), ::getuid()));
  return folders;
}

std::string writable_cache(const std::vector<std::string>& folders, const std::function<void(const std::string&)>& on_message) {
  std::string reasons;
  for (const auto& folder : folders) {
    const std::string reason = obstacle(folder);
    if (reason.empty()) {
      if (!reasons.empty()) on_message(fmt::format("what need not be made twice is kept in {} ({})", folder, reasons));
      return folder;
    }
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", folder, reason);
  }
  throw usage_error("XDG_CACHE_HOME", fmt::format("there is no folder to keep a judge in ({})", reasons),
                    "set XDG_CACHE_HOME to a folder that can be written, or name a run as `judge`");
}

}  // namespace difflm
