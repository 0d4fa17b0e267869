#include "difflm/model/word_vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <vector>

#include "difflm/core/error.h"

namespace difflm {
namespace {

constexpr std::streamsize kMaxLine = 1 << 20;  // a binary file without line ends must not fill the memory
constexpr std::string_view kBlank = " \t";

struct ForeignFormat {
  std::string_view magic;
  std::string_view what;
  std::string_view hint;
};

constexpr std::array kForeign = {
    ForeignFormat{"\x1f\x8b", "is compressed with gzip, expected plain text", "unpack it with gunzip first"},
    ForeignFormat{"PK\x03\x04", "is a zip archive, expected plain text", "unpack it first"},
    ForeignFormat{"\xba\x16\x4f\x2f", "is a binary fastText model, expected its .vec text", "use the .vec file beside it"},
};

// The last column of `line`, from which it is removed.
std::string_view take_last_column(std::string_view& line) {
  const size_t blank = line.find_last_of(kBlank);
  const size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
  const auto column = line.substr(begin);
  const size_t rest = line.substr(0, begin).find_last_not_of(kBlank);
  line = line.substr(0, rest == std::string_view::npos ? 0 : rest + 1);
  return column;
}

size_t count_columns(std::string_view line) {
  size_t count = 0;
  for (; !line.empty(); ++count) take_last_column(line);
  return count;
}

std::optional<float> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto number = static_cast<float>(value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<uint64_t> parse_count(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class WordVectorReader {
 public:
  explicit WordVectorReader(const std::string& path) : path_(path), in_(path, std::ios::binary), buffer_(kMaxLine) {
    if (!in_) throw usage_error(path, "cannot be read, expected a file of word vectors", "check the path");
    refuse_foreign();
    read_first_line();
  }

  // Reads the next word, whose numbers `row()` then returns; false at the end of the file.
  bool next() {
    if (!has_line_ && !next_line()) return false;
    has_line_ = false;
    ++words_;
    split();
    return true;
  }

  std::string_view word() const { return word_; }

  // To be called at the end.
  std::string note() const {
    if (!count_ || words_ == *count_) return "";
    return fmt::format("{} has {} words, though its first line says {}; all of them are used", path_, words_, *count_);
  }

  std::span<const float> row() {
    row_.clear();
    for (const auto column : columns_) {
      const auto number = parse_number(column);
      if (!number) throw wrong(fmt::format("'{}' is not a finite number", column.substr(0, 40)), "");
      row_.push_back(*number);
    }
    return row_;
  }

 private:
  Error wrong(std::string_view what, std::string_view hint) const {
    return usage_error(fmt::format("{}:{}", path_, line_number_), what, hint);
  }

  void refuse_foreign() {
    std::array<char, 4> start = {};
    in_.read(start.data(), start.size());
    const std::string_view seen(start.data(), static_cast<size_t>(in_.gcount()));
    for (const auto& foreign : kForeign) {
      if (seen.starts_with(foreign.magic)) throw usage_error(path_, foreign.what, foreign.hint);
    }
    in_.clear();
    in_.seekg(0);
  }

  // Sets line_ to the next line that is not blank, without the blanks at its end.
  bool next_line() {
    while (in_.getline(buffer_.data(), kMaxLine)) {
      ++line_number_;
      line_ = std::string_view(buffer_.data(), static_cast<size_t>(in_.gcount()) - (in_.eof() ? 0 : 1));
      if (line_number_ == 1 && line_.starts_with("\xef\xbb\xbf")) line_.remove_prefix(3);
      const size_t last = line_.find_last_not_of(" \t\r");
      line_ = line_.substr(0, last == std::string_view::npos ? 0 : last + 1);
      if (!line_.empty()) return true;
    }
    if (in_.gcount() >= kMaxLine - 1) {
      ++line_number_;
      throw wrong(fmt::format("the line is longer than {} bytes", kMaxLine), "is this a text file?");
    }
    return false;
  }

  // D comes from "count D", or from the columns of the first word.
  void read_first_line() {
    if (!next_line()) throw usage_error(path_, "is empty, expected a word and its numbers on each line");
    auto rest = line_;
    const auto second = parse_count(take_last_column(rest));
    count_ = parse_count(rest);
    if (count_ && second) {
      width_ = *second;
      if (width_ == 0) throw wrong("says that a word has 0 numbers", "");
    } else {
      count_.reset();
      width_ = count_columns(line_) - 1;
      if (width_ == 0) throw wrong("has one column, expected a word and its numbers", "is this a file of word vectors?");
      has_line_ = true;
    }
  }

  bool is_last_line() { return in_.eof() || in_.peek() == std::ifstream::traits_type::eof(); }

  void split() {
    columns_.clear();
    word_ = line_;
    while (columns_.size() < width_ && !word_.empty()) columns_.push_back(take_last_column(word_));
    std::reverse(columns_.begin(), columns_.end());
    if (columns_.size() < width_ || (word_.empty() && kBlank.find(line_.front()) == std::string_view::npos)) {
      throw wrong(fmt::format("has {} columns, expected a word and {} numbers", count_columns(line_), width_),
                  words_ > 1 && is_last_line() ? "it is the last line: the file was cut off; fetch it again or delete that line"
                                               : "the line is cut off");
    }
    // A word may hold spaces, but what precedes the D numbers must not end in one more number.
    const bool spaced = word_.find_first_of(kBlank) != std::string_view::npos;
    if (auto rest = word_; spaced && parse_number(take_last_column(rest))) {
      throw wrong(fmt::format("has {} columns, expected a word and {} numbers", count_columns(line_), width_), "");
    }
  }

  std::string path_;
  std::ifstream in_;
  std::vector<char> buffer_;
  std::string_view line_;
  size_t line_number_ = 0;
  bool has_line_ = false;  // line_ is read but not yet used
  std::optional<uint64_t> count_;
  uint64_t width_ = 0;
  uint64_t words_ = 0;
  std::string_view word_;
  std::vector<std::string_view> columns_;
  std::vector<float> row_;
};

}  // namespace

std::string read_word_vectors(const std::string& path, const std::function<bool(std::string_view)>& wanted,
                              const std::function<void(std::string_view, std::span<const float>)>& take) {
  WordVectorReader reader(path);
  while (reader.next()) {
    if (wanted(reader.word())) take(reader.word(), reader.row());
  }
  return reader.note();
}

}  // namespace difflm
