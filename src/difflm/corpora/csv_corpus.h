// Tables: a text column, a column with a meaning representation as in the E2E challenge (Novikova et al. 2017), and attributes.
//
// A meaning is "name[Alimentum], area[city centre]"; each slot becomes an attribute. Every other column becomes a separate
// attribute, where it is not empty.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "difflm/corpora/corpus.h"
#include "difflm/corpora/csv.h"

namespace difflm {

class CsvCorpus : public Corpus {
 public:
  struct Options {
    std::string text_column = "ref";
    std::string meaning_column = "mr";
    std::string separator = "comma";

    void describe(OptionVisitor& visitor) {
      visitor.field("text_column", text_column, "the column that holds the text");
      visitor.field("meaning_column", meaning_column, "the column, if there is one, with slots like area[city centre]");
      visitor.choice("separator", separator, "the character between two columns", {"comma", "semicolon", "tab"});
    }
  };

  explicit CsvCorpus(Options options) : options_(std::move(options)) {}

  std::vector<Document> parse(const std::string& path, const std::string& text) const override {
    const char separator = options_.separator == "comma" ? ',' : options_.separator == "tab" ? '\t' : ';';
    const auto rows = parse_csv(text, path, separator);
    if (rows.empty()) return {};
    const auto& header = rows.front().fields;
    const size_t text_index = text_column(rows.front(), path);
    std::vector<Document> result;
    result.reserve(rows.size() - 1);
    for (size_t i = 1; i < rows.size(); ++i) {
      const auto& row = rows[i];
      const std::string where = fmt::format("{}:{}", path, row.line);
      if (row.fields.size() != header.size()) {
        throw usage_error(where, fmt::format("has {} columns, expected {} as in the header", row.fields.size(), header.size()),
                          "a field that holds the separator or a line break needs quotes around it");
      }
      Document document;
      document.text = row.fields[text_index];
      for (size_t column = 0; column < header.size(); ++column) {
        if (column == text_index || row.fields[column].empty()) continue;
        if (header[column] == options_.meaning_column) {
          read_meaning(row.fields[column], where, document.attributes);
        } else {
          document.attributes[header[column]] = row.fields[column];
        }
      }
      result.push_back(std::move(document));
    }
    return result;
  }

  // Adds the slots of "name[Alimentum], area[city centre]" to `attributes`; the values of a slot named twice are joined by ", ".
  static void read_meaning(std::string_view meaning, const std::string& where, std::map<std::string, std::string>& attributes) {
    for (size_t at = 0; at < meaning.size();) {
      const size_t open = meaning.find('[', at);
      const size_t close = open == std::string_view::npos ? open : meaning.find(']', open);
      const std::string name = open == std::string_view::npos ? std::string() : trimmed(meaning.substr(at, open - at));
      if (close == std::string_view::npos || name.empty() || name.find_first_of(",]") != std::string::npos) {
        throw usage_error(where,
                          fmt::format("'{}' is not a meaning, expected slots like name[Alimentum], area[city centre]", meaning),
                          "name the right column with data.csv.meaning_column, or \"\" for none");
      }
      std::string& value = attributes[name];
      value += (value.empty() ? "" : ", ") + trimmed(meaning.substr(open + 1, close - open - 1));
      at = close + 1;
      while (at < meaning.size() && meaning[at] == ' ') ++at;
      if (at < meaning.size() && meaning[at] != ',') {
        throw usage_error(where, fmt::format("'{}' is not a meaning, expected a comma between two slots", meaning));
      }
      ++at;
    }
  }

 private:
  size_t text_column(const CsvRow& header, const std::string& path) const {
    const std::string where = fmt::format("{}:{}", path, header.line);
    auto sorted = header.fields;
    std::sort(sorted.begin(), sorted.end());
    if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end()) {
      throw usage_error(where, fmt::format("two columns are called '{}'", *twice), "the first row must name the columns");
    }
    const auto found = std::find(header.fields.begin(), header.fields.end(), options_.text_column);
    if (found == header.fields.end()) {
      throw usage_error(where, fmt::format("no column '{}', there are: {}", options_.text_column, fmt::join(header.fields, ", ")),
                        "set data.csv.text_column, and data.csv.separator if the columns are not separated by commas");
    }
    return static_cast<size_t>(found - header.fields.begin());
  }

  static std::string trimmed(std::string_view text) {
    const size_t start = text.find_first_not_of(' ');
    if (start == std::string_view::npos) return {};
    return std::string(text.substr(start, text.find_last_not_of(' ') + 1 - start));
  }

  Options options_;
};

}  // namespace difflm
