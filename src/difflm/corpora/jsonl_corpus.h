// JSON: an object for each text, with its text in one field; other texts, numbers and truth values are attributes. One object per
// line, or in one list, or in a list inside one object (json_values.h). A text may stand there instead of an object, or a list of
// texts.
//
// Lists, objects and nulls cannot be attributes and are ignored.
#pragma once

#include <set>

#include "difflm/corpora/corpus.h"
#include "difflm/corpora/json_values.h"

namespace difflm {

class JsonlCorpus : public Corpus {
 public:
  struct Options {
    std::vector<std::string> text_field;

    void describe(OptionVisitor& visitor) {
      visitor.field("text_field", text_field,
                    "the field with the text; several (a+b, or a list) are joined by a space; none: found by itself");
    }
  };

  explicit JsonlCorpus(Options options) : options_(std::move(options)) {}

  FoundOptions read(const std::string& path, std::string text, const DocumentSink& sink, ReadingLog& log) override;
  FoundOptions find_options(const std::string& path, std::string_view text) const override;

 private:
  struct Reading;  // of one file

  // The fields with the text, and why they were chosen where that is not an option.
  std::vector<std::string> find_fields(std::string_view text, const JsonLayout& layout, std::string* why) const;

  Options options_;
  std::vector<std::string> earlier_;  // the fields of the file before
};

}  // namespace difflm
