// Comma-separated values as RFC 4180 defines them: quoted fields may hold separators, line feeds and doubled quotes.
//
// More lenient than the RFC in three places, as every widespread reader is: a lone LF ends a row, a quote inside an unquoted field
// stands for itself, and a row without any character is skipped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace difflm {

struct CsvRow {
  size_t line = 0;  // where it starts, from 1
  std::vector<std::string> fields;
};

// All rows, the header included. Throws a usage error "path:line: ..." on a quote that never closes or on text after a closing
// quote. Rows may differ in length; the caller knows what it expects.
std::vector<CsvRow> parse_csv(std::string_view text, const std::string& path, char separator = ',');

}  // namespace difflm
