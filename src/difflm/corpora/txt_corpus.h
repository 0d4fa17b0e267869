// Plain text: one document per line, per paragraph or per file.
#pragma once

#include "difflm/corpora/corpus.h"
#include "difflm/text/utf8.h"

namespace difflm {

class TxtCorpus : public Corpus {
 public:
  struct Options {
    std::string mode = "line";

    void describe(OptionVisitor& visitor) {
      visitor.choice("mode", mode, "what one document is: a line, the lines between blank lines, or the whole file",
                     {"line", "paragraph", "stream"});
    }
  };

  explicit TxtCorpus(Options options) : options_(std::move(options)) {}

  std::vector<Document> parse(const std::string&, const std::string& text) const override {
    if (options_.mode == "stream") return {document(text)};
    std::vector<Document> result;
    std::string paragraph;
    for (size_t start = 0; start < text.size();) {
      const size_t end = std::min(text.find('\n', start), text.size());
      const std::string line = text.substr(start, end - start);
      start = end + 1;
      if (options_.mode == "line") {
        result.push_back(document(line));
      } else if (is_blank(line)) {
        if (!paragraph.empty()) result.push_back(document(std::move(paragraph)));
        paragraph.clear();
      } else {
        paragraph += (paragraph.empty() ? "" : "\n") + line;
      }
    }
    if (!paragraph.empty()) result.push_back(document(std::move(paragraph)));
    return result;
  }

 private:
  static Document document(std::string text) {
    Document result;
    result.text = std::move(text);
    return result;
  }

  Options options_;
};

}  // namespace difflm
