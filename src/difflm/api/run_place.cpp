#include "difflm/api/run_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

namespace difflm {
namespace {

namespace fs = std::filesystem;

// Nothing but what a start that failed before config.toml was written may have left.
bool is_free(const std::string& folder) {
  static const std::set<std::string> kOwn = {".lock", "data", "chosen.toml", "standard-input"};
  std::error_code ignored;
  if (!fs::exists(folder, ignored)) return true;
  if (!fs::is_directory(folder, ignored)) return false;
  return std::all_of(fs::directory_iterator(folder), fs::directory_iterator(),
                     [](const auto& entry) { return kOwn.contains(entry.path().filename().string()); });
}

// Letters, digits, dots, hyphens and underscores, and whatever is not ASCII; one hyphen for the rest.
std::string plain_name(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte) != 0 || c == '_' || c == '-') {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name;
}

}  // namespace

bool holds_run(const std::string& folder) { return fs::exists(folder + "/config.toml"); }

std::string name_after(const std::vector<std::string>& paths) {
  for (const auto& path : paths) {
    if (path == "-") return "input";
    fs::path parts = fs::path(path).lexically_normal();
    if (!parts.has_filename()) parts = parts.parent_path();  // "texts/"
    while (parts.string().find_first_of("*?[") != std::string::npos) parts = parts.parent_path();
    const std::string file = parts.filename().string();
    const size_t end = file.find('.', 1);  // poems.txt.gz; .hidden keeps its name
    const std::string name = plain_name(fs::is_directory(parts) ? file : file.substr(0, end));
    if (!name.empty()) return name;
  }
  return "texts";
}

RunPlace place_run(const std::string& name, const std::function<std::string(const std::string& folder)>& difference) {
  std::string reason;
  for (int64_t number = 1;; ++number) {
    const std::string folder = number == 1 ? "runs/" + name : fmt::format("runs/{}-{}", name, number);
    const bool begun = holds_run(folder);
    const std::string differs = begun ? difference(folder) : "";
    if (begun && differs.empty()) return {folder, folder + ": the same command's run, which goes on"};
    if (!begun && is_free(folder)) return {folder, folder + ": a new run" + (reason.empty() ? "" : ", since " + reason)};
    reason = folder + (begun ? fmt::format(" holds another one ({})", differs) : " holds something else");
  }
}

}  // namespace difflm
