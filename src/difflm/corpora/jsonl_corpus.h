// JSON lines: one object per line, with its text in one field; other texts, numbers and truth values are attributes.
//
// Lists, objects and nulls cannot be attributes and are ignored.
#pragma once

#include <fmt/format.h>

#include "difflm/core/json.h"
#include "difflm/corpora/corpus.h"
#include "difflm/text/utf8.h"

namespace difflm {

class JsonlCorpus : public Corpus {
 public:
  struct Options {
    std::string text_field = "text";

    void describe(OptionVisitor& visitor) { visitor.field("text_field", text_field, "the field that holds the text"); }
  };

  explicit JsonlCorpus(Options options) : options_(std::move(options)) {}

  std::vector<Document> parse(const std::string& path, const std::string& text) const override {
    std::vector<Document> result;
    size_t line_number = 0;
    for (size_t start = 0; start < text.size();) {
      const size_t end = std::min(text.find('\n', start), text.size());
      const std::string_view line(text.data() + start, end - start);
      start = end + 1;
      ++line_number;
      if (!is_blank(line)) result.push_back(document(line, fmt::format("{}:{}", path, line_number)));
    }
    return result;
  }

 private:
  Document document(std::string_view line, const std::string& where) const {
    const SortedJson object = parse_line(line, where);
    if (!object.is_object())
      throw usage_error(where, fmt::format("is {}, expected an object like {{\"text\": \"...\"}}", object.type_name()));
    Document result;
    for (const auto& [key, value] : object.items()) {
      if (key == options_.text_field) {
        if (!value.is_string()) throw usage_error(where, fmt::format("'{}' is {}, expected a text", key, value.type_name()));
        result.text = clean_text(value.get<std::string>(), where);
      } else if (value.is_string()) {
        result.attributes[key] = value.get<std::string>();
      } else if (value.is_number() || value.is_boolean()) {
        result.attributes[key] = to_text(value);
      }
    }
    if (!object.contains(options_.text_field)) {
      std::vector<std::string> fields;
      for (const auto& [key, value] : object.items()) fields.push_back(key);
      throw usage_error(
          where, fmt::format("has no field '{}'", options_.text_field),
          fields.empty() ? "set data.jsonl.text_field" : suggestion(options_.text_field, fields) + " (set data.jsonl.text_field)");
    }
    return result;
  }

  static SortedJson parse_line(std::string_view line, const std::string& where) {
    try {
      return parse_sorted_json(line);
    } catch (const SortedJson::parse_error& error) {
      throw usage_error(where, fmt::format("not valid JSON near column {}, expected one object per line", error.byte),
                        "each line must be a whole object; a JSON array or a pretty-printed file is not JSON lines");
    } catch (const SortedJson::exception&) {
      throw usage_error(where, "holds a number out of range");
    }
  }

  Options options_;
};

}  // namespace difflm
