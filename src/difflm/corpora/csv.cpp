#include "difflm/corpora/csv.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/core/error.h"

namespace difflm {

bool CsvReader::at_row_end() const {
  return at_ >= text_.size() || text_[at_] == '\n' || (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
}

void CsvReader::skip_row_end() {
  if (at_ >= text_.size()) return;
  at_ += text_[at_] == '\r' ? 2 : 1;
  ++line_;
}

bool CsvReader::next(CsvRow& row) {
  while (at_ < text_.size() && at_row_end()) skip_row_end();
  if (at_ >= text_.size()) return false;
  row = {};
  row.line = line_;
  const size_t start = at_;
  while (true) {
    const bool is_quoted = format_.quotes && at_ < text_.size() && text_[at_] == '"';
    row.fields.push_back(is_quoted ? quoted(row) : plain());
    if (!row.problem.empty()) {
      at_ = std::min(text_.find('\n', start), text_.size());
      line_ = row.line;
      break;
    }
    if (at_row_end()) break;
    ++at_;  // the separator
  }
  skip_row_end();
  return true;
}

std::string CsvReader::plain() {
  const size_t start = at_;
  while (!at_row_end() && text_[at_] != format_.separator) ++at_;
  return std::string(text_.substr(start, at_ - start));
}

std::string CsvReader::quoted(CsvRow& row) {
  const size_t first_line = line_;
  std::string field;
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\n') {
      ++line_;
      row.spans_lines = true;
    }
    if (c != '"') {
      field += c;
    } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
      field += '"';
      ++at_;
    } else {
      ++at_;
      if (!at_row_end() && text_[at_] != format_.separator) {
        row.problem = fmt::format("text after a closing quote, expected '{}' or the end of the row",
                                  format_.separator == '\t' ? std::string("tab") : std::string(1, format_.separator));
        row.problem_line = line_;
      }
      row.enclosed += line_ == first_line && row.problem.empty() ? 1 : 0;
      return field;
    }
  }
  row.problem = "a quote opens here and never closes";
  row.problem_line = first_line;
  return field;
}

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& path, CsvFormat format) {
  std::vector<CsvRow> rows;
  CsvReader reader(text, format);
  for (CsvRow row; reader.next(row);) {
    if (!row.problem.empty()) throw usage_error(fmt::format("{}:{}", path, row.problem_line), row.problem, kQuoteHint);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace difflm
