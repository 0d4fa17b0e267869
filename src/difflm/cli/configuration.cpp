#include "difflm/cli/configuration.h"

#include "difflm/core/error.h"
#include "difflm/settings/presets.h"

namespace difflm {

SortedWords sort_words(const std::vector<std::string>& overrides) {
  SortedWords sorted;
  for (const auto& word : overrides) {
    if (word.find('=') != std::string::npos) {
      sorted.settings.push_back(word);
    } else if (const std::string file = find_preset(word); file.ends_with(".toml")) {
      sorted.files.push_back(file);
    } else {
      sorted.others.push_back(word);
    }
  }
  return sorted;
}

void check_no_others(const SortedWords& overrides) {
  if (overrides.others.empty()) return;
  throw usage_error("command line", "'" + overrides.others.front() + "' is neither a config file nor key=value",
                    "for example difflm train configs/difflm.toml train.minutes=3 -o runs/mine");
}

Config read_overrides(const SortedWords& overrides) {
  Config config;
  for (const auto& file : overrides.files) config.read_file(file);
  for (const auto& setting : overrides.settings) config.read_override(setting);
  return config;
}

}  // namespace difflm
