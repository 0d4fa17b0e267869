// Plain text: one document per line, per paragraph, per file, or between marks.
#pragma once

#include "difflm/corpora/corpus.h"

namespace difflm {

class TxtCorpus : public Corpus {
 public:
  struct Options {
    std::string mode = "auto";
    std::string delimiter = "auto";

    void describe(OptionVisitor& visitor) {
      visitor.choice("mode", mode, "what one document is: a line, the lines between blank lines, or the whole file",
                     {"auto", "line", "paragraph", "stream"});
      visitor.field("delimiter", delimiter,
                    "a mark between documents, such as <|endoftext|> or ---, instead of mode; auto: looked for where mode is auto; "
                    "\"\": none");
    }
  };

  explicit TxtCorpus(Options options) : options_(std::move(options)) {}

  FoundOptions read(const std::string& path, std::string text, const DocumentSink& sink, ReadingLog& log) override;
  FoundOptions find_options(const std::string& path, std::string_view text) const override;

 private:
  Options options_;
};

}  // namespace difflm
