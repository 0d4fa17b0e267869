// Tables as text. With quotes, as RFC 4180 defines them: quoted fields may hold separators, line feeds and doubled quotes. Without,
// as most TSV is written: a quote is a character like any other, and a row is a line.
//
// More lenient than the RFC in three places, as every widespread reader is: a lone LF ends a row, a quote inside an unquoted field
// stands for itself, and a row without any character is skipped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace difflm {

struct CsvFormat {
  char separator = ',';
  bool quotes = true;
};

struct CsvRow {
  size_t line = 0;                  // where it starts, from 1
  std::vector<std::string> fields;  // may be fewer or more than in other rows; the caller knows what it expects
  bool spans_lines = false;         // a quoted field holds a line feed
  size_t enclosed = 0;              // fields that quotes enclose on one line
  size_t problem_line = 0;          // of a row that cannot be read: a quote that never closes, or text after a closing quote
  std::string problem;              // empty otherwise
};

// Reads row after row. After a row that cannot be read it goes on with the line after the one where that row started, so that one
// stray quote does not take the rest of the file with it.
class CsvReader {
 public:
  CsvReader(std::string_view text, CsvFormat format) : text_(text), format_(format) {}

  bool next(CsvRow& row);  // false at the end

 private:
  bool at_row_end() const;
  void skip_row_end();
  std::string plain();
  std::string quoted(CsvRow& row);

  std::string_view text_;
  CsvFormat format_;
  size_t at_ = 0;
  size_t line_ = 1;
};

// All rows. Throws a usage error "path:line: ..." for the first that cannot be read.
std::vector<CsvRow> parse_csv(std::string_view text, const std::string& path, CsvFormat format = {});

inline constexpr const char* kQuoteHint =
    "a quote inside a quoted field is written twice; data.csv.quote=none takes quotes as plain characters";

}  // namespace difflm
