// The JSON values of a file, whatever their layout: one per line, one after another over several lines, the elements of one list,
// or those of a list inside one object. Values are found by their brackets and quotes and parsed one at a time, so a list of any
// size needs no more memory than one of its elements.
//
// What programs write that is not JSON is mended: NaN, Infinity and numbers out of range become null, lone surrogates U+FFFD,
// escaped NULs are dropped, raw control characters in strings are kept.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "difflm/core/json_fwd.h"

namespace difflm {

struct JsonRepairs {
  size_t lone_surrogates = 0;
  size_t nul_characters = 0;
  size_t not_numbers = 0;
  size_t control_characters = 0;
};

// Parses one value, mending it where it must be. A value that is not JSON even so gives false.
bool parse_lenient_json(std::string_view text, SortedJson& value, JsonRepairs* repairs = nullptr);

// A table that a data frame has written by columns, {"text": {"0": "a", ...}, "label": {"0": 1, ...}} or with lists instead of the
// inner objects, as one object per line and row. Any other text is returned unchanged.
std::string rows_of_columns(std::string text);

struct JsonItem {
  std::string_view text;  // from its first to its last character
  size_t line = 0;        // where it starts, from 1
  bool whole = true;      // false where its brackets or quotes do not close
};

struct JsonLayout {
  enum class Kind { lines, values, list, list_in_object };
  Kind kind = Kind::lines;
  std::string member;  // of the object, whose list holds the items
  size_t other_members = 0;
};

// The layout of a text that holds JSON: by its lines where most of them are values by themselves.
JsonLayout json_layout(std::string_view text);

// Visits the items in order until `visit` returns false.
void for_each_json_item(std::string_view text, const JsonLayout& layout, const std::function<bool(const JsonItem&)>& visit);

// Whether most of the text is JSON objects, lists or strings. `text` may be cut anywhere.
bool looks_like_json(std::string_view text);

}  // namespace difflm
