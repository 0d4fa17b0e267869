#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "difflm/comparison/report_sections.h"
#include "difflm/comparison/svg_plot.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/text/longest_match.h"
#include "difflm/text/words.h"

namespace difflm {
namespace {

using Words = std::vector<std::string>;

constexpr size_t kTexts = 6;     // of each group
constexpr size_t kRepeated = 3;  // words of a run that is marked when it comes again in the same text
constexpr int64_t kCopied = 8;   // words of a run that is marked when training text has it
constexpr size_t kMostGroups = 24;

std::vector<std::string> read_texts(const std::string& path, size_t most) {
  std::vector<std::string> texts;
  if (!std::filesystem::exists(path)) return texts;
  const std::string all = read_text_file(path);
  for (size_t at = 0; at < all.size() && texts.size() < most;) {
    const size_t end = std::min(all.find('\n', at), all.size());
    const auto line = try_parse_json(std::string_view(all).substr(at, end - at));
    if (line.is_object() && line.contains("text") && line["text"].is_string()) texts.push_back(line["text"].get<std::string>());
    at = end + 1;
  }
  return texts;
}

// Words of a run that occurred before in the same text.
std::vector<bool> repeated(const Words& words) {
  std::vector<bool> marks(words.size(), false);
  std::set<Words> seen;
  for (size_t at = 0; at + kRepeated <= words.size(); ++at) {
    const Words run(words.begin() + static_cast<std::ptrdiff_t>(at), words.begin() + static_cast<std::ptrdiff_t>(at + kRepeated));
    if (!seen.insert(run).second) std::fill_n(marks.begin() + static_cast<std::ptrdiff_t>(at), kRepeated, true);
  }
  return marks;
}

std::vector<bool> copied(const Words& words, const LongestMatch* training) {
  std::vector<bool> marks(words.size(), false);
  if (training == nullptr) return marks;
  const auto runs = training->runs(words);
  for (size_t i = 0; i < runs.size(); ++i) {
    if (runs[i] < kCopied) continue;
    for (int64_t back = 0; back < runs[i]; ++back) marks[i - static_cast<size_t>(back)] = true;
  }
  return marks;
}

std::string marked(const std::string& text, const LongestMatch* training) {
  const Words words = split_words(text);
  const auto again = repeated(words);
  const auto known = copied(words, training);
  std::string html;
  for (size_t i = 0; i < words.size(); ++i) {
    std::string word = escape_html(words[i]);
    if (again[i]) word = "<mark class=\"again\">" + word + "</mark>";
    if (known[i]) word = "<u>" + word + "</u>";
    html += (i == 0 ? "" : " ") + word;
  }
  return html;
}

}  // namespace

std::string samples_section(const Results& results, const std::vector<Group>& groups, const ExperimentFolder& folder) {
  // The training text of each corpus is read once: runs of one experiment usually share it.
  std::map<std::string, std::unique_ptr<LongestMatch>> corpora;
  const auto training_of = [&](const RunResult& run) -> const LongestMatch* {
    const std::string path = folder.model(run.run) + "/data/train.jsonl";
    if (!std::filesystem::exists(path)) return nullptr;
    auto& match = corpora[run.run.config.section("data").to_toml()];
    if (!match) {
      std::vector<Words> words;
      for (const auto& text : read_texts(path, std::string::npos)) words.push_back(split_words(text));
      match = std::make_unique<LongestMatch>(words);
    }
    return match.get();
  };
  const auto& experiment = results.plan.experiment;
  std::string html;
  size_t shown = 0;
  for (const auto& group : groups) {
    if (shown++ >= kMostGroups) break;
    const auto& run = *group.runs.front();
    const auto sampling = std::find_if(experiment.samplings.begin(), experiment.samplings.end(),
                                       [&](const Variant& one) { return one.name == group.sampling; });
    std::string items;
    for (const auto& text : read_texts(folder.texts(run.run, experiment, *sampling), kTexts)) {
      items += "<li>" + (text.empty() ? "<i>(empty)</i>" : marked(text, training_of(run))) + "</li>\n";
    }
    if (items.empty()) continue;
    html += fmt::format("<article><h3>{} <small>seed {}</small></h3><ol>\n{}</ol></article>\n",
                        escape_html(name_of(group, experiment)), run.run.seed, items);
  }
  if (html.empty()) return "";
  return fmt::format(
             "<section id=\"samples\"><h2>Texts</h2>\n<p class=\"note\">The first {} texts of the same seed, not chosen. <mark "
             "class=\"again\">Marked</mark>: {} words or more that came "
             "before in the same text. <u>Underlined</u>: {} words or more in a row that training text has.</p>\n<div "
             "class=\"samples\">\n",
             kTexts, kRepeated, kCopied) +
         html + "</div></section>\n";
}

}  // namespace difflm
