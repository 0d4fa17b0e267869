#include "difflm/syntax/tag_counts.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/text/words.h"

namespace difflm {

TagCounts count_tags(const std::vector<Document>& documents, const std::string& source) {
  TagCounts counts;
  for (const auto& document : documents) {
    if (document.tags.size() != split_words(document.text).size()) {
      if (document.tags.empty()) continue;
      throw usage_error(source, fmt::format("has {} parts of speech for the words of '{}'", document.tags.size(), document.text),
                        "one per word is expected");
    }
    counts.tags.insert(counts.tags.end(), document.tags.begin(), document.tags.end());
  }
  if (counts.tags.empty()) {
    throw usage_error(source, "has no texts with parts of speech, expected word/TAG",
                      "write \"The/DET cafe/NOUN\", one text per line");
  }
  std::sort(counts.tags.begin(), counts.tags.end());
  counts.tags.erase(std::unique(counts.tags.begin(), counts.tags.end()), counts.tags.end());
  const size_t edge = counts.tags.size();
  for (const auto& document : documents) {
    if (document.tags.empty()) continue;
    const auto words = split_words(document.text);
    size_t before = edge;
    size_t last = edge;
    for (size_t at = 0; at <= words.size(); ++at) {
      size_t tag = edge;
      if (at < words.size()) {
        tag =
            static_cast<size_t>(std::lower_bound(counts.tags.begin(), counts.tags.end(), document.tags[at]) - counts.tags.begin());
        counts.words[words[at]][tag] += 1;
      }
      counts.trigrams[{before, last, tag}] += 1;
      before = last;
      last = tag;
    }
  }
  return counts;
}

void TagCounts::save(const std::string& path) const {
  SortedJson all_words = SortedJson::object();
  for (const auto& [word, own] : words) all_words[word] = own;
  SortedJson all_trigrams = SortedJson::array();
  for (const auto& [three, times] : trigrams) all_trigrams.push_back({three[0], three[1], three[2], times});
  const SortedJson all = {{"tags", tags}, {"words", all_words}, {"trigrams", all_trigrams}};
  replace_file_with_text(path, to_text(all) + "\n");
}

TagCounts TagCounts::load(const std::string& path) {
  try {
    const auto all = parse_sorted_json(read_text_file(path));
    TagCounts counts;
    counts.tags = all.at("tags").get<std::vector<std::string>>();
    for (const auto& [word, own] : all.at("words").items()) counts.words[word] = own.get<std::map<size_t, double>>();
    for (const auto& one : all.at("trigrams")) {
      counts.trigrams[{one.at(0).get<size_t>(), one.at(1).get<size_t>(), one.at(2).get<size_t>()}] = one.at(3).get<double>();
    }
    size_t highest = 0;
    for (const auto& [word, own] : counts.words)
      highest = std::max(highest, own.empty() ? counts.tags.size() + 1 : own.rbegin()->first + 1);
    for (const auto& [three, times] : counts.trigrams) highest = std::max(highest, *std::max_element(three.begin(), three.end()));
    if (highest > counts.tags.size()) throw failure(path, "is damaged: it has tags without a name");
    if (counts.words.empty() || counts.trigrams.empty()) throw failure(path, "is damaged: no words");
    return counts;
  } catch (const SortedJson::exception& error) {
    throw failure(path, fmt::format("is damaged: {}", error.what()), "`annotate` with tagged texts writes it again");
  }
}

}  // namespace difflm
