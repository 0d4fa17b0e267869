#include "difflm/cli/configuration.h"

#include <algorithm>
#include <filesystem>

#include "difflm/cli/presets.h"
#include "difflm/core/error.h"

namespace difflm {
namespace {

bool is_override(const std::string& word) { return word.find('=') != std::string::npos; }

bool is_config_file(const std::string& word) { return !is_override(word) && find_preset(word).ends_with(".toml"); }

}  // namespace

Config read_words(const std::vector<std::string>& words, std::vector<std::string>* others) {
  Config config;
  for (const auto& word : words) {
    if (is_config_file(word)) {
      config.read_file(find_preset(word));
    } else if (!is_override(word)) {
      if (others == nullptr) {
        throw usage_error("command line", "'" + word + "' is neither a config file nor key=value",
                          "for example difflm train configs/difflm.toml train.minutes=3 -o runs/mine");
      }
      others->push_back(word);
    }
  }
  for (const auto& word : words) {
    if (is_override(word)) config.read_override(word);
  }
  return config;
}

bool names_a_file(const std::vector<std::string>& words) { return std::any_of(words.begin(), words.end(), is_config_file); }

}  // namespace difflm
