#include "difflm/cli/configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/difflm.h"
#include "difflm/settings/presets.h"

namespace difflm {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_key(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '_' || c == '-'; });
}

// The key whose value is missing, or "".
std::string forgotten_value(const std::string& word) {
  const Catalogue all = catalogue();
  for (const auto& section : all.sections) {
    for (const auto& setting : section.settings) {
      if (setting.key == word) return fmt::format("{} needs a value: {}={}", word, word, setting.standard);
    }
  }
  return "";
}

// A preset or a file beside it with nearly this name, or "".
std::string nearest(const std::string& word) {
  std::vector<std::string> names;
  for (const auto& preset : presets()) names.push_back(preset.name);
  const fs::path folder = fs::path(word).parent_path();
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, ignored)) {
    names.push_back((folder / entry.path().filename()).string());
  }
  const std::string name = nearest_name(word, names);
  return edit_distance(word, name) * 3 <= static_cast<int>(word.size()) ? name : "";
}

[[noreturn]] void refuse(const std::string& word) {
  std::string hint = forgotten_value(word);
  if (hint.empty()) {
    const std::string name = nearest(word);
    if (!name.empty()) hint = fmt::format("did you mean '{}'?", name);
  }
  if (hint.empty()) hint = "a file or folder of texts, a preset (`difflm list presets`), or a setting like train.minutes=3";
  throw usage_error("command line", fmt::format("'{}' is neither a file, a preset nor key=value", word), hint);
}

}  // namespace

bool is_setting(const std::string& word) {
  const size_t equals = word.find('=');
  return equals != std::string::npos && is_key(word.substr(0, equals)) && !exists(word);
}

SortedWords sort_words(const std::vector<std::string>& overrides) {
  SortedWords sorted;
  for (const auto& word : overrides) {
    if (is_setting(word)) {
      sorted.settings.push_back(word);
    } else if (const std::string file = find_preset(word); file.ends_with(".toml")) {
      sorted.files.push_back(file);
    } else {
      sorted.others.push_back(word);
    }
  }
  return sorted;
}

SortedWords with_texts_by_key(SortedWords sorted) {
  if (!sorted.files.empty() || !sorted.others.empty()) return sorted;
  Config named;
  std::erase_if(sorted.settings, [&](const std::string& setting) {
    if (!setting.starts_with("data.path=")) return false;
    named.read_override(setting);
    return true;
  });
  if (const auto* path = named.find("data.path")) {
    if (const auto* several = std::get_if<std::vector<std::string>>(&path->data)) sorted.others = *several;
    if (const auto* one = std::get_if<std::string>(&path->data)) sorted.others = {*one};
    if (const auto* year = std::get_if<int64_t>(&path->data)) sorted.others = {fmt::format("{}", *year)};  // a file called 2024
  }
  return sorted;
}

void check_no_others(const SortedWords& overrides) {
  if (!overrides.others.empty()) refuse(overrides.others.front());
}

void check_texts(const std::vector<std::string>& paths) {
  for (const auto& path : paths) {
    const bool is_glob = path.find_first_of("*?[") != std::string::npos;
    if (path != "-" && !is_glob && !path.starts_with("~") && !exists(path)) refuse(path);
    if (exists(path + "/train.bin")) {
      throw usage_error(path, "is a prepared corpus, expected texts", "train on it with data.prepared=" + path);
    }
  }
}

Config read_overrides(const SortedWords& overrides) {
  Config config;
  for (const auto& file : overrides.files) config.read_file(file);
  for (const auto& setting : overrides.settings) config.read_override(setting);
  return config;
}

}  // namespace difflm
