#include "difflm/settings/presets.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "difflm/core/files.h"
#include "difflm/core/own_file.h"

namespace difflm {
namespace {

namespace fs = std::filesystem;

// Beside the library in a build tree; in an installation the library is in lib/ or lib/x86_64-linux-gnu/. Empty if there is none.
fs::path preset_folder() {
  const fs::path beside = own_file().parent_path();
  std::error_code ignored;
  for (const char* place : {"configs", "../share/difflm/configs", "../../share/difflm/configs"}) {
    if (fs::is_directory(beside / place, ignored)) return fs::canonical(beside / place, ignored);
  }
  return {};
}

// The first sentence of the comment at the top of a TOML file; it may end in a colon before an example.
std::string first_sentence(const std::string& text) {
  std::string sentence;
  for (size_t at = 0; at < text.size() && text[at] == '#';) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const size_t begin = std::min(text.find_first_not_of("# ", at), end);
    if (!sentence.empty()) sentence += ' ';
    for (size_t i = begin; i < end; ++i) {
      const bool last = i + 1 == end;
      const bool stop =
          text[i] == '.' &&
          (last || (text[i + 1] == ' ' && i + 2 < end && std::islower(text[i + 2]) == 0 && std::isdigit(text[i + 2]) == 0));
      if (stop || (last && text[i] == ':')) return sentence;
      sentence += text[i];
    }
    at = end + 1;
  }
  return sentence;
}

}  // namespace

std::vector<Preset> presets() {
  const fs::path folder = preset_folder();
  std::vector<Preset> result;
  if (folder.empty()) return result;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    result.push_back({entry.path().stem().string(), first_sentence(read_text_file(entry.path().string())), entry.path().string()});
  }
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return result;
}

std::string find_preset(const std::string& name) {
  std::error_code ignored;
  if (name.ends_with(".toml") && fs::is_regular_file(name, ignored)) return name;
  const fs::path folder = preset_folder();
  // configs/NAME.toml is where a checkout has them, and so what pages and messages write.
  const std::string own = fs::path(name).parent_path() == "configs" ? fs::path(name).filename().string() : name;
  const fs::path file = folder / (own.ends_with(".toml") ? own : own + ".toml");
  return !folder.empty() && fs::is_regular_file(file, ignored) ? file.string() : name;
}

}  // namespace difflm
