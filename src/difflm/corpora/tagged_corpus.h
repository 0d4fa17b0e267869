// Texts whose words carry their part of speech, as in the Brown corpus: "The/DET cafe/NOUN is/AUX open/ADJ ./PUNCT". One text
// per line.
#pragma once

#include <fmt/format.h>

#include <optional>
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
  FoundOptions read(const std::string& path, std::string text, const DocumentSink& sink, ReadingLog& log) override {
    std::istringstream lines(std::move(text));
    size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
      log.record();
      std::optional<Document> read;
      try {
        read = document(line, fmt::format("{}:{}", path, ++number));
      } catch (const Error& error) {
        log.broken(error);
        continue;
      }
      sink(std::move(*read));
    }
    return {};
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
