// How much a set of values looks like texts that people read: chooses the column or field that holds the text.
//
// Texts are long, made of letters and words, and hardly repeat; labels repeat, numbers and dates have no letters, addresses on the
// web have no spaces. The score is the mean number of letters of a value, times the share of distinct values, and near nothing for
// values that are addresses or identifiers.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace difflm {

class ProseScore {
 public:
  void add(std::string_view value);

  double score() const;
  double mean_length() const;  // in characters
  size_t values() const { return values_; }

 private:
  size_t values_ = 0;
  size_t letters_ = 0;
  size_t characters_ = 0;
  size_t identifiers_ = 0;  // long and without a space, as addresses and keys are
  std::set<size_t> distinct_;
};

// One column of a table, or field of JSON objects.
struct ScoredField {
  std::string name;
  ProseScore prose;
};

struct ChosenField {
  size_t index;
  std::string why;
};

// The field that holds the text: one with a usual name ("text", "content", "review" ...) whose values look like texts, else the one
// that looks most like texts. `fields` must not be empty.
ChosenField choose_text_field(const std::vector<ScoredField>& fields);

// Fields numbered as parts of one text, "sentence1" ... "sentence5", at least three of them with values like texts; else none.
std::vector<size_t> numbered_parts(const std::vector<ScoredField>& fields);

}  // namespace difflm
