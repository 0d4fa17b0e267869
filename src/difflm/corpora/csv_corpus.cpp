#include "difflm/corpora/csv_corpus.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "difflm/text/label.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

std::string without_spaces(std::string_view text) {
  const size_t start = text.find_first_not_of(' ');
  if (start == std::string_view::npos) return {};
  return std::string(text.substr(start, text.find_last_not_of(' ') + 1 - start));
}

// A lone CR that was kept is a line break inside a field.
std::string with_line_feeds(std::string text) {
  std::replace(text.begin(), text.end(), '\r', '\n');
  return text;
}

}  // namespace

FoundOptions CsvCorpus::find_options(const std::string& path, std::string_view text) const {
  TableShape shape = find_table_shape(text, path, options_, earlier_);
  return {std::move(shape.settings), std::move(shape.reasons)};
}

FoundOptions CsvCorpus::read(const std::string& path, std::string text, const DocumentSink& sink, ReadingLog& log) {
  TableShape shape = find_table_shape(text, path, options_, earlier_);
  if (shape.names.empty()) return {};
  earlier_.clear();
  for (const size_t column : shape.text) earlier_.push_back(shape.names[column]);
  std::vector<bool> used(shape.names.size());
  CsvReader reader(text, shape.format);
  bool first = shape.header;
  for (CsvRow row; reader.next(row);) {
    if (std::exchange(first, false)) continue;
    log.record();
    std::optional<Document> read;
    try {
      read = document(row, shape, path, log);
    } catch (const Error& error) {
      log.broken(error);
      continue;
    }
    for (size_t column = 0; column < row.fields.size(); ++column) used[column] = used[column] || !row.fields[column].empty();
    sink(std::move(*read));
  }
  note_columns(shape, used, log);
  return {std::move(shape.settings), std::move(shape.reasons)};
}

void CsvCorpus::note_columns(const TableShape& shape, const std::vector<bool>& used, ReadingLog& log) const {
  std::vector<std::string> attributes;
  std::vector<std::string> left_out;
  for (size_t column = 0; column < shape.names.size(); ++column) {
    if (!used[column] || std::find(shape.text.begin(), shape.text.end(), column) != shape.text.end()) continue;
    const std::string& name = shape.names[column];
    (shape.left_out[column] ? left_out : attributes).push_back(name == options_.meaning_column ? "the slots of " + name : name);
  }
  if (!attributes.empty()) log.note(fmt::format("columns that became attributes: {}", fmt::join(attributes, ", ")));
  if (!left_out.empty())
    log.note(fmt::format("columns without a name that number the rows, left out: {}", fmt::join(left_out, ", ")));
}

Document CsvCorpus::document(CsvRow& row, const TableShape& shape, const std::string& path, ReadingLog& log) const {
  const std::string where = fmt::format("{}:{}", path, row.problem.empty() ? row.line : row.problem_line);
  if (!row.problem.empty()) throw usage_error(where, row.problem, kQuoteHint);
  const size_t columns = shape.names.size();
  while (row.fields.size() > columns && row.fields.back().empty()) row.fields.pop_back();
  const size_t last_text = *std::max_element(shape.text.begin(), shape.text.end());
  if (row.fields.size() > columns || row.fields.size() <= last_text) {
    throw usage_error(where,
                      fmt::format("has {} columns, expected {} as in {}", row.fields.size(), columns,
                                  shape.header ? "the header" : "the other rows"),
                      "a field that holds the separator or a line break needs quotes around it");
  }
  if (row.fields.size() < columns) log.count("rows without their last columns");
  if (row.spans_lines) log.count("rows with line breaks inside quotes");
  Document document;
  for (const size_t column : shape.text) {
    document.text += (document.text.empty() || row.fields[column].empty() ? "" : " ") + with_line_feeds(row.fields[column]);
  }
  for (size_t column = 0; column < row.fields.size(); ++column) {
    const bool is_text = std::find(shape.text.begin(), shape.text.end(), column) != shape.text.end();
    if (is_text || shape.left_out[column] || row.fields[column].empty()) continue;
    if (shape.names[column] == options_.meaning_column) {
      read_meaning(row.fields[column], where, document.attributes);
    } else {
      document.attributes[shape.names[column]] = attribute_value(with_line_feeds(row.fields[column]));
    }
  }
  return document;
}

void CsvCorpus::read_meaning(std::string_view meaning, const std::string& where, std::map<std::string, std::string>& attributes) {
  for (size_t at = 0; at < meaning.size();) {
    const size_t open = meaning.find('[', at);
    const size_t close = open == std::string_view::npos ? open : meaning.find(']', open);
    const std::string name = open == std::string_view::npos ? std::string() : without_spaces(meaning.substr(at, open - at));
    if (close == std::string_view::npos || name.empty() || name.find_first_of(",]") != std::string::npos) {
      throw usage_error(where,
                        fmt::format("'{}' is not a meaning, expected slots like name[Alimentum], area[city centre]", meaning),
                        "name the right column with data.csv.meaning_column, or \"\" for none");
    }
    std::string& value = attributes[name];
    value += (value.empty() ? "" : ", ") + attribute_value(without_spaces(meaning.substr(open + 1, close - open - 1)));
    at = close + 1;
    while (at < meaning.size() && meaning[at] == ' ') ++at;
    if (at < meaning.size() && meaning[at] != ',') {
      throw usage_error(where, fmt::format("'{}' is not a meaning, expected a comma between two slots", meaning));
    }
    ++at;
  }
}

}  // namespace difflm
