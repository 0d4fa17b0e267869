#include "difflm/corpora/table_shape.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/corpora/prose.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

constexpr size_t kSampleRows = 2000;  // rows that are looked at for names and texts

struct Separator {
  const char* name;
  char character;
};
constexpr std::array<Separator, 4> kSeparators = {{{"tab", '\t'}, {"comma", ','}, {"semicolon", ';'}, {"pipe", '|'}}};

std::vector<CsvRow> sample_rows(std::string_view text, CsvFormat format, size_t most) {
  std::vector<CsvRow> rows;
  CsvReader reader(text, format);
  for (CsvRow row; rows.size() < most && reader.next(row);) {
    if (row.problem.empty()) rows.push_back(std::move(row));
  }
  return rows;
}

// The number of columns that most rows have, and how many have it.
std::pair<size_t, size_t> usual_columns(const std::vector<CsvRow>& rows) {
  std::map<size_t, size_t> counts;
  for (const auto& row : rows) ++counts[row.fields.size()];
  std::pair<size_t, size_t> best{0, 0};
  for (const auto& [columns, count] : counts) {
    if (count >= best.second) best = {columns, count};
  }
  return best;
}

std::string trimmed_name(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return std::string(text);
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_of("0123456789") != std::string::npos &&
         text.find_first_not_of("0123456789.,+-eE%") == std::string::npos;
}

size_t words_in(std::string_view text) {
  size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n';
    words += !space && !inside ? 1 : 0;
    inside = !space;
  }
  return words;
}

// How quotes are used, over the whole text: in a file of texts one stray quote in a million lines would join two of them.
struct QuoteUse {
  size_t rows = 0;
  size_t wrong = 0;     // cannot be read, have another number of columns than most, or span lines
  size_t enclosed = 0;  // fields
};

QuoteUse quote_use(std::string_view text, CsvFormat format) {
  const size_t columns = usual_columns(sample_rows(text, format, kSampleRows)).first;
  QuoteUse use;
  CsvReader reader(text, format);
  for (CsvRow row; reader.next(row);) {
    ++use.rows;
    use.wrong += !row.problem.empty() || row.spans_lines || row.fields.size() != columns ? 1 : 0;
    use.enclosed += row.enclosed;
  }
  return use;
}

// Quotes enclose fields where that reads all rows, or nearly all quotes; in a TSV they are rarely meant so. Else they do not, if
// then each line is a row: with quotes, a stray one would join two lines.
bool quotes_count(std::string_view text, char separator) {
  if (text.find('"') == std::string_view::npos) return separator != '\t';
  const QuoteUse with = quote_use(text, {separator, true});
  if (with.wrong == 0 || (separator != '\t' && with.enclosed > 10 * with.wrong)) return true;
  const QuoteUse without = quote_use(text, {separator, false});
  return without.wrong * 200 > without.rows && with.wrong <= without.wrong;
}

// Of the separators outside quotes, the share that a space or the end of the line follows, as in prose.
double spaced_share(std::string_view text, char separator) {
  size_t separators = 0;
  size_t spaced = 0;
  bool inside = false;
  for (size_t at = 0; at + 1 < std::min(text.size(), size_t{1} << 18); ++at) {
    if (text[at] == '"') inside = !inside;
    if (inside || text[at] != separator) continue;
    ++separators;
    const bool ends_line = text[at + 1] == '\n' && at > 0 && text[at - 1] != separator;
    spaced += text[at + 1] == ' ' || ends_line ? 1 : 0;
  }
  return separators == 0 ? 1 : static_cast<double>(spaced) / static_cast<double>(separators);
}

class ShapeFinder {
 public:
  ShapeFinder(std::string_view text, const std::string& path, const CsvOptions& options, const std::vector<std::string>& earlier)
      : text_(text), path_(path), options_(options), earlier_(earlier) {}

  TableShape find() {
    find_format();
    rows_ = sample_rows(text_, shape_.format, kSampleRows + 1);
    if (rows_.empty()) return shape_;
    find_header();
    name_columns();
    find_text();
    return shape_;
  }

 private:
  void found(const std::string& key, const std::string& value, const std::string& reason) {
    shape_.settings.emplace_back("data.csv." + key, value);
    shape_.reasons.push_back(reason);
  }

  void find_format() {
    const auto named = [&](const Separator& separator) { return options_.separator == separator.name; };
    const auto given = std::find_if(kSeparators.begin(), kSeparators.end(), named);
    if (given != kSeparators.end()) {
      shape_.format.separator = given->character;
    } else {
      shape_.format.separator = find_separator(text_);
      const auto chosen = std::find_if(kSeparators.begin(), kSeparators.end(),
                                       [&](const Separator& separator) { return separator.character == shape_.format.separator; });
      found("separator", chosen->name, fmt::format("columns are separated by {}", chosen->name));
    }
    shape_.format.quotes = options_.quote == "double";
    if (options_.quote == "auto") {
      shape_.format.quotes = quotes_count(text_, shape_.format.separator);
      const bool any = text_.find('"') != std::string_view::npos;
      found("quote", shape_.format.quotes ? "double" : "none",
            !any                   ? "there are no quotes"
            : shape_.format.quotes ? "quotes enclose fields"
                                   : "quotes are plain characters: they do not enclose fields consistently");
    }
  }

  // The first row is data where it looks like the rows below it: a value that occurs again in its column, a number, or a text in
  // the column of texts.
  void find_header() {
    if (options_.header != "auto") {
      shape_.header = options_.header == "yes";
      return;
    }
    std::string why = "the first row names the columns";
    shape_.header = true;
    const auto& first = rows_.front().fields;
    const auto asked = [&](const std::string& field) {
      const std::string name = trimmed_name(field);
      if (is_number(name)) return false;
      return std::any_of(options_.text_column.begin(), options_.text_column.end(), [&](const std::string& column) {
        const auto parts = split_list(column, "+");
        return column == name || std::find(parts.begin(), parts.end(), name) != parts.end();
      });
    };
    if (!std::any_of(first.begin(), first.end(), asked) && !counts_columns(first)) {
      for (size_t column = 0; column < first.size() && shape_.header; ++column) {
        const std::string value = trimmed_name(first[column]);
        if (value.empty()) continue;
        size_t again = 0;
        size_t letters = 0;
        size_t long_ones = 0;
        for (size_t row = 1; row < rows_.size(); ++row) {
          if (column >= rows_[row].fields.size()) continue;
          again += trimmed_name(rows_[row].fields[column]) == value ? 1 : 0;
          letters += rows_[row].fields[column].size();
          long_ones += words_in(rows_[row].fields[column]) >= 4 ? 1 : 0;
        }
        const double mean = static_cast<double>(letters) / static_cast<double>(std::max<size_t>(1, rows_.size() - 1));
        const bool like_texts =
            words_in(value) >= 4 && 2 * long_ones >= rows_.size() - 1 && 4 * static_cast<double>(value.size()) > mean;
        if (again > 0 || is_number(value) || like_texts || value.size() > 200) {
          shape_.header = false;
          why = fmt::format("the first row is a text like the others ({} in column {}), so the columns are called 1, 2 ...",
                            quoted_name(value.substr(0, 40)), column + 1);
        }
      }
    }
    found("header", shape_.header ? "yes" : "no", why);
  }

  // Columns named by their numbers, from 0 or 1, as data frames without names are written.
  static bool counts_columns(const std::vector<std::string>& first) {
    std::vector<std::string> names;
    for (const auto& field : first) {
      if (!trimmed_name(field).empty()) names.push_back(trimmed_name(field));
    }
    if (names.empty() || first.size() < 2 || (names.front() != "0" && names.front() != "1")) return false;
    const int start = names.front() == "0" ? 0 : 1;
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i] != std::to_string(start + static_cast<int>(i))) return false;
    }
    return true;
  }

  void name_columns() {
    size_t columns = usual_columns(rows_).first;
    if (shape_.header && columns == rows_.front().fields.size() + 1) {  // R writes the names of its rows under no name
      rows_.front().fields.insert(rows_.front().fields.begin(), "");
    }
    if (shape_.header) columns = std::max(columns, rows_.front().fields.size());
    std::set<std::string> used;
    for (size_t column = 0; column < columns; ++column) {
      std::string name;
      if (shape_.header && column < rows_.front().fields.size()) name = trimmed_name(rows_.front().fields[column]);
      if (name.empty()) name = std::to_string(column + 1);
      for (size_t copy = 2; !used.insert(name).second; ++copy)
        name = fmt::format("{}.{}", trimmed_name(rows_.front().fields[column]), copy);
      shape_.names.push_back(name);
    }
    for (size_t column = 0; column < columns; ++column) shape_.left_out.push_back(counts_rows(column));
  }

  size_t first_row() const { return shape_.header ? 1 : 0; }

  // The index that a data frame writes: 0, 1, 2 ... under no name.
  bool counts_rows(size_t column) const {
    if (!shape_.header || column >= rows_.front().fields.size() || !trimmed_name(rows_.front().fields[column]).empty())
      return false;
    for (size_t row = 1; row < rows_.size(); ++row) {
      const auto& fields = rows_[row].fields;
      if (column >= fields.size() || fields[column].empty() || fields[column].find_first_not_of("0123456789") != std::string::npos)
        return false;
    }
    return rows_.size() > 1;
  }

  std::string labels_of_columns() const { return fmt::format("{}", fmt::join(shape_.names, ", ")); }

  // By its name, else without regard to case, else by its number.
  bool find_column(const std::string& asked) {
    const std::string name = trimmed_name(asked);
    auto found_name = std::find(shape_.names.begin(), shape_.names.end(), name);
    if (found_name == shape_.names.end()) {
      found_name = std::find_if(shape_.names.begin(), shape_.names.end(),
                                [&](const std::string& other) { return lower_case(other) == lower_case(name); });
    }
    if (found_name != shape_.names.end()) {
      shape_.text.push_back(static_cast<size_t>(found_name - shape_.names.begin()));
      return true;
    }
    const bool number = !name.empty() && name.size() < 6 && name.find_first_not_of("0123456789") == std::string::npos;
    if (!number || std::stoul(name) < 1 || std::stoul(name) > shape_.names.size()) return false;
    shape_.text.push_back(std::stoul(name) - 1);
    return true;
  }

  bool find_columns(const std::vector<std::string>& asked, std::string* missing) {
    shape_.text.clear();
    for (const auto& column : asked) {
      if (find_column(column)) continue;
      for (const auto& part : split_list(column, "+")) {
        if (find_column(part)) continue;
        *missing = trimmed_name(part);
        return false;
      }
    }
    return true;
  }

  void find_text() {
    std::string missing;
    if (!options_.text_column.empty()) {
      if (find_columns(options_.text_column, &missing)) return;
      throw usage_error(
          fmt::format("{}:{}", path_, rows_.front().line),
          fmt::format("no column '{}', there are: {}", missing, labels_of_columns()),
          "set data.csv.text_column to a name or a number from 1, and data.csv.separator if the columns are not separated as they "
          "should be");
    }
    if (!earlier_.empty() && find_columns(earlier_, &missing)) return;
    shape_.text.clear();
    choose_text();
  }

  void choose_text() {
    std::vector<ScoredField> fields;
    std::vector<size_t> columns;
    for (size_t column = 0; column < shape_.names.size(); ++column) {
      if (shape_.left_out[column] || shape_.names[column] == options_.meaning_column) continue;
      ScoredField field{shape_.names[column], {}};
      for (size_t row = first_row(); row < rows_.size(); ++row) {
        if (column < rows_[row].fields.size()) field.prose.add(rows_[row].fields[column]);
      }
      fields.push_back(std::move(field));
      columns.push_back(column);
    }
    if (fields.empty()) {  // a header and nothing else
      shape_.text = {0};
      return;
    }
    if (const auto parts = numbered_parts(fields); !parts.empty()) {
      std::vector<std::string> names;
      for (const size_t part : parts) {
        shape_.text.push_back(columns[part]);
        names.push_back(fields[part].name);
      }
      found("text_column", fmt::format("{}", fmt::join(names, "+")),
            fmt::format("the text is in the columns {}, joined: they are numbered parts", fmt::join(names, ", ")));
      return;
    }
    const ChosenField chosen = choose_text_field(fields);
    shape_.text = {columns[chosen.index]};
    const std::string others = fields.size() == 1 ? "" : fmt::format(", of {}", labels_of_columns());
    found("text_column", fields[chosen.index].name,
          fmt::format("the text is in the column {}{}: {}", quoted_name(fields[chosen.index].name), others, chosen.why));
  }

  std::string_view text_;
  const std::string& path_;
  const CsvOptions& options_;
  const std::vector<std::string>& earlier_;
  std::vector<CsvRow> rows_;
  TableShape shape_;
};

}  // namespace

void CsvOptions::describe(OptionVisitor& visitor) {
  visitor.field(
      "text_column", text_column,
      "the column with the text, by name or number from 1; several (a+b, or a list) are joined by a space; none: found by itself");
  visitor.field("meaning_column", meaning_column, "the column, if there is one, with slots like area[city centre]");
  visitor.choice("separator", separator, "the character between two columns", {"auto", "comma", "semicolon", "tab", "pipe"});
  visitor.choice("quote", quote, "double: quotes enclose fields; none: they are plain characters, as in most TSV",
                 {"auto", "double", "none"});
  visitor.choice("header", header, "whether the first row names the columns; else they are called 1, 2 ...", {"auto", "yes", "no"});
}

TableShape find_table_shape(std::string_view text, const std::string& path, const CsvOptions& options,
                            const std::vector<std::string>& earlier) {
  return ShapeFinder(text, path, options, earlier).find();
}

char find_separator(std::string_view text) {
  char best = ',';
  double best_score = 0;
  for (const auto& separator : kSeparators) {
    for (const bool quotes : {true, false}) {
      const auto rows = sample_rows(text, {separator.character, quotes}, 200);
      const auto [columns, count] = usual_columns(rows);
      if (columns < 2) continue;
      const double even = static_cast<double>(count) / static_cast<double>(rows.size());
      const double score = even * (1 - 0.5 * spaced_share(text, separator.character));
      if (score > best_score + 0.05) {
        best_score = score;
        best = separator.character;
      }
    }
  }
  return best;
}

bool looks_like_table(std::string_view text) {
  const char separator = find_separator(text);
  const auto rows = sample_rows(text, {separator, quotes_count(text.substr(0, size_t{1} << 20), separator)}, 200);
  const auto [columns, count] = usual_columns(rows);
  if (columns < 2 || rows.size() < 3 || count * 50 < rows.size() * 49) return false;
  if (separator == '\t') return true;
  return spaced_share(text, separator) < 0.2;
}

}  // namespace difflm
