// The shape of a table: what separates its columns, whether quotes count, whether the first row names the columns, and which
// columns hold the text. What the options leave open is found from the table itself; `settings` and `reasons` then say what and
// why.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "difflm/core/options.h"
#include "difflm/corpora/csv.h"

namespace difflm {

struct CsvOptions {
  std::vector<std::string> text_column;
  std::string meaning_column = "mr";
  std::string separator = "auto";
  std::string quote = "auto";
  std::string header = "auto";
  void describe(OptionVisitor& visitor);
};

struct TableShape {
  CsvFormat format;
  bool header = true;
  std::vector<std::string> names;  // of the columns: trimmed, or their numbers from 1 where they have none
  std::vector<size_t> text;        // the columns whose values, joined by a space, are the text
  std::vector<bool> left_out;      // columns without a name that only number the rows
  std::vector<std::pair<std::string, std::string>> settings;  // data.csv.* as they were found
  std::vector<std::string> reasons;                           // one for each
};

// Throws a usage error where a column that the options name is not there. `earlier`: the text columns of the file before, which are
// taken again where this file has them.
TableShape find_table_shape(std::string_view text, const std::string& path, const CsvOptions& options,
                            const std::vector<std::string>& earlier = {});

// Whether `text`, of which nothing is known, is a table: its lines have the same number of columns, which are not merely the commas
// of prose.
bool looks_like_table(std::string_view text);

// Of `text` as a table: the separator that cuts most rows into the same number of columns.
char find_separator(std::string_view text);

}  // namespace difflm
