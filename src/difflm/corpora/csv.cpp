#include "difflm/corpora/csv.h"

#include <fmt/format.h>

#include "difflm/core/error.h"

namespace difflm {
namespace {

class CsvParser {
 public:
  CsvParser(std::string_view text, const std::string& path, char separator) : text_(text), path_(path), separator_(separator) {}

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> result;
    while (at_ < text_.size()) {
      if (end_of_row()) {
        skip_end_of_row();
        continue;
      }
      result.push_back(row());
    }
    return result;
  }

 private:
  bool end_of_row() const {
    return at_ >= text_.size() || text_[at_] == '\n' || (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
  }

  void skip_end_of_row() {
    if (at_ >= text_.size()) return;
    at_ += text_[at_] == '\r' ? 2 : 1;
    ++line_;
  }

  CsvRow row() {
    CsvRow result;
    result.line = line_;
    while (true) {
      result.fields.push_back(at_ < text_.size() && text_[at_] == '"' ? quoted() : plain());
      if (end_of_row()) break;
      ++at_;  // the separator
    }
    skip_end_of_row();
    return result;
  }

  std::string plain() {
    const size_t start = at_;
    while (!end_of_row() && text_[at_] != separator_) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  std::string quoted() {
    const size_t first_line = line_;
    std::string field;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c != '"') {
        field += c;
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        field += '"';
        ++at_;
      } else {
        ++at_;
        if (!end_of_row() && text_[at_] != separator_) {
          throw usage_error(fmt::format("{}:{}", path_, line_),
                            fmt::format("text after a closing quote, expected '{}' or the end of the row",
                                        separator_ == '\t' ? std::string("tab") : std::string(1, separator_)),
                            "a quote inside a quoted field is written twice");
        }
        return field;
      }
    }
    throw usage_error(fmt::format("{}:{}", path_, first_line), "a quote opens here and never closes",
                      "a quote inside a quoted field is written twice");
  }

  std::string_view text_;
  const std::string& path_;
  char separator_;
  size_t at_ = 0;
  size_t line_ = 1;
};

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& path, char separator) {
  return CsvParser(text, path, separator).rows();
}

}  // namespace difflm
