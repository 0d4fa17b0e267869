#include "difflm/tokenizers/sentencepiece_trainer.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "difflm/core/error.h"
#include "difflm/tokenizers/sentencepiece_library.h"

namespace difflm {
namespace {

constexpr size_t kLongestSentence = 4000;  // bytes; the trainer silently skips sentences above 4192

ModuleText module_text(std::string_view text) { return {text.data(), text.size()}; }

// The texts, cut at a line feed, else a space, else anywhere, where they are too long for the trainer. A line feed stays, so that
// the words after it are learned as they will occur: without the space that begins other words.
std::vector<ModuleText> sentences(const std::vector<std::string>& texts) {
  std::vector<ModuleText> result;
  for (std::string_view text : texts) {
    while (text.size() > kLongestSentence) {
      size_t cut = text.rfind('\n', kLongestSentence);
      if (cut == std::string_view::npos || cut == 0) cut = text.rfind(' ', kLongestSentence);
      if (cut == std::string_view::npos || cut == 0) cut = kLongestSentence;
      while ((static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;  // not inside a character
      result.push_back(module_text(text.substr(0, cut)));
      text.remove_prefix(cut);
    }
    if (!text.empty()) result.push_back(module_text(text));
  }
  return result;
}

}  // namespace

std::string train_sentencepiece(const std::vector<std::string>& texts, const std::string& type, int64_t vocab_size) {
  const std::vector<std::pair<std::string, std::string>> options = {
      {"model_type", type},
      {"vocab_size", std::to_string(vocab_size)},
      {"hard_vocab_limit", "false"},  // a small corpus gives fewer pieces instead of an error
      {"byte_fallback", "true"},
      {"normalization_rule_name", "identity"},
      {"remove_extra_whitespaces", "false"},
      {"user_defined_symbols", "\n"},
      {"bos_id", "-1"},
      {"eos_id", "-1"},
      {"pad_id", "-1"},
      {"num_threads", "2"},  // affects the result: sums are taken thread by thread
      {"minloglevel", "3"},
  };
  std::vector<ModuleSetting> settings;
  for (const auto& [name, value] : options) settings.push_back({module_text(name), module_text(value)});
  const std::vector<ModuleText> lines = sentences(texts);
  std::string model;
  std::string error;
  if (!sentencepiece_library().train(settings.data(), settings.size(), lines.data(), lines.size(), into(model), into(error))) {
    throw usage_error("data.sentencepiece", fmt::format("cannot be trained: {}", error),
                      "data.sentencepiece.vocab_size must hold 256 bytes, every frequent character and some pieces");
  }
  return model;
}

}  // namespace difflm
