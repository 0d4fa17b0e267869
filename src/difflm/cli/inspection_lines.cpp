#include "difflm/cli/inspection_lines.h"

#include <fmt/format.h>

#include <algorithm>

namespace difflm {
namespace {

std::string number(int64_t value) {
  std::string text = fmt::format("{}", value);
  for (int64_t at = static_cast<int64_t>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}

std::string size_of(int64_t bytes) {
  if (bytes >= 1'000'000) return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
  if (bytes >= 1000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
  return fmt::format("{} bytes", bytes);
}

std::string percent(double share) {
  if (share > 0 && share < 0.0005) return "under 0.1%";
  return fmt::format("{:.1f}%", 100 * share);
}

std::string scripts_of(const Inspection& seen) {
  constexpr size_t kShown = 4;
  std::string line;
  for (size_t at = 0; at < std::min(kShown, seen.scripts.size()); ++at) {
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", seen.scripts[at].first, percent(seen.scripts[at].second));
  }
  if (line.empty()) line = "no letters";
  if (seen.unspaced > 0.001) line += fmt::format("; {} of the letters are in scripts without spaces", percent(seen.unspaced));
  return line;
}

template <class Say>
std::string of_each_tokenizer(const Inspection& seen, const Say& say) {
  std::string line;
  for (const auto& one : seen.tokenizers) line += fmt::format("{}{} {}", line.empty() ? "" : ", ", one.name, say(one));
  return line;
}

}  // namespace

std::vector<std::string> inspection_lines(const Inspection& seen) {
  std::vector<std::string> lines;
  const auto saw = [&](const std::string& name, const std::string& text) {
    lines.push_back(fmt::format("{:<7} {:<14} {}", lines.empty() ? "saw" : "", name, text));
  };
  const auto& length = seen.length;
  const std::string about = seen.sampled ? "about " : "";
  saw("texts", fmt::format("{} in {} file{}, {}; {}{} words", number(seen.texts), number(seen.files), seen.files == 1 ? "" : "s",
                           size_of(seen.bytes), about, number(seen.words)));
  if (seen.texts > 1) {
    saw("length", fmt::format("{} to {} words; half of the texts have at most {}, 95% at most {}", length.shortest, length.longest,
                              length.half, length.most));
  }
  saw("scripts", scripts_of(seen));
  if (seen.texts > 1) {
    saw("duplicates", seen.duplicates == 0
                          ? "none"
                          : fmt::format("{} texts ({}) that occurred before", number(seen.duplicates),
                                        percent(static_cast<double>(seen.duplicates) / static_cast<double>(seen.texts))));
  }
  saw("tokens a word", of_each_tokenizer(seen, [](const auto& one) { return fmt::format("{:.2f}", one.tokens_per_word); }));
  saw("unknown", of_each_tokenizer(seen, [](const auto& one) { return percent(one.unknown); }) + " of new texts");
  for (const auto& note : seen.notes) saw(&note == &seen.notes.front() ? "reading" : "", note);

  size_t key_width = 0;
  size_t value_width = 0;
  for (const auto& one : seen.choices) {
    key_width = std::max(key_width, one.key.size());
    value_width = std::max(value_width, std::min<size_t>(12, one.value.size()));
  }
  for (const auto& one : seen.choices) {
    lines.push_back(fmt::format("{:<7} {:<{}}  {:<{}}  {}", &one == &seen.choices.front() ? "chose" : "", one.key, key_width,
                                one.value, value_width, one.reason));
  }
  if (seen.choices.empty()) lines.push_back("chose   nothing: all is set");
  return lines;
}

}  // namespace difflm
