// JSON: the one place that reads and writes it.
//
// nlohmann's parser and writer are templates that cost each file that calls them seconds of compile time, so only json.cpp
// calls them. A header that only names the types includes json_fwd.h.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "difflm/core/json_fwd.h"

namespace difflm {

// Throws what nlohmann throws: parse_error with its place, out_of_range for a number that does not fit a double.
Json parse_json(std::string_view text);
SortedJson parse_sorted_json(std::string_view text);

// Where `text` is not JSON: a value that is_discarded(), hence neither an object nor any other kind.
Json try_parse_json(std::string_view text);
SortedJson try_parse_sorted_json(std::string_view text);  // also where a number does not fit a double

// A file that holds one value; throws a failure with `path` and `hint` where it is not JSON.
Json read_json(const std::string& path, std::string_view hint);

// Untrusted JSON: of small depth, with no name twice in an object, where nlohmann would keep the last value and drop the rest.
// Throws a usage error with `path`, the place and what is wrong.
SortedJson parse_strict_json(const std::string& path, std::string_view text);

// On one line, or with `indent` spaces per level. Throws a type_error where a string is not UTF-8.
std::string to_text(const Json& json, int indent = -1);
std::string to_text(const SortedJson& json);

// The same on one line, with U+FFFD instead of bytes that are not UTF-8.
std::string to_text_replacing(const Json& json);

}  // namespace difflm
