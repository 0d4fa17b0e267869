// An infill as people type it: given words with placeholders between them.
//
// `_`, or a run of them (`___`), `[MASK]` and `<mask>` are one open word, `*` any number of words. They stand beside spaces,
// punctuation, brackets and quotation marks ("called _ _.", "(_, *)"), but beside a letter or digit they are what they are
// (`snake_case`, `2*3`). A backslash before `_` or `*` takes it as it is anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace difflm {

struct InfillPart {
  enum class Kind { given, word, words };
  Kind kind = Kind::given;
  bool after_space = false;  // of a placeholder
  std::string text = {};     // of given words: white space as single spaces, one at its beginning where it is typed so
  bool operator==(const InfillPart&) const = default;
};

std::vector<InfillPart> read_infill(std::string_view wish);

}  // namespace difflm
