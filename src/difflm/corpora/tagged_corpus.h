// Texts whose words carry their part of speech, as in the Brown corpus: "The/DET cafe/NOUN is/AUX open/ADJ ./PUNCT". One text
// per line.
#pragma once

#include <fmt/format.h>

#include <sstream>

#include "difflm/core/error.h"
#include "difflm/corpora/corpus.h"
#include "difflm/text/words.h"

namespace difflm {

class TaggedCorpus : public Corpus {
 public:
  using Options = NoOptions;
  explicit TaggedCorpus(const Options&) {}

  // A token that reads as several words ("and/or/CCONJ" as three) gives each of them its tag.
  std::vector<Document> parse(const std::string& path, const std::string& text) const override {
    std::vector<Document> result;
    std::istringstream lines(text);
    size_t number = 0;
    for (std::string line; std::getline(lines, line);) result.push_back(document(line, fmt::format("{}:{}", path, ++number)));
    return result;
  }

 private:
  static Document document(const std::string& line, const std::string& where) {
    Document result;
    std::vector<std::string> tokens;
    std::vector<std::string> words;
    std::istringstream rest(line);
    for (std::string token; rest >> token;) {
      const size_t slash = token.rfind('/');
      if (slash == std::string::npos || slash == 0 || slash + 1 == token.size()) {
        throw usage_error(where, fmt::format("'{}' has no tag, expected word/TAG", token), "read plain text with data.corpus=txt");
      }
      tokens.push_back(token.substr(0, slash));
      for (auto& word : split_words(tokens.back())) {
        words.push_back(std::move(word));
        result.tags.push_back(token.substr(slash + 1));
      }
    }
    result.text = join_words(tokens);
    if (split_words(result.text) != words) result.tags.clear();  // joined, they read as other words than were tagged
    return result;
  }
};

}  // namespace difflm
