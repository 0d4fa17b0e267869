#include "difflm/core/json.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/names.h"

namespace difflm {
namespace {

constexpr int kMaxDepth = 8;  // of untrusted JSON: a header of safetensors has 3 levels, an index 2

}  // namespace

Json parse_json(std::string_view text) { return Json::parse(text); }

SortedJson parse_sorted_json(std::string_view text) { return SortedJson::parse(text); }

Json try_parse_json(std::string_view text) { return Json::parse(text, nullptr, false); }

SortedJson try_parse_sorted_json(std::string_view text) { return SortedJson::parse(text, nullptr, false); }

Json read_json(const std::string& path, std::string_view hint) {
  Json json = try_parse_json(read_text_file(path));
  if (json.is_discarded()) throw failure(path, "is not JSON", hint);
  return json;
}

SortedJson parse_strict_json(const std::string& path, std::string_view text) {
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  const auto check = [&](int depth, SortedJson::parse_event_t event, SortedJson& value) {
    using Event = SortedJson::parse_event_t;
    if (depth > kMaxDepth) throw usage_error(path, fmt::format("the JSON is nested deeper than {}", kMaxDepth));
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end) keys.pop_back();
    if (event == Event::key && !keys.back().insert(value.get<std::string>()).second) {
      throw usage_error(path, fmt::format("the name {} is there twice", quoted_name(value.get<std::string>())));
    }
    return true;
  };
  try {
    return SortedJson::parse(text, check);
  } catch (const SortedJson::exception& error) {
    const auto* syntax = dynamic_cast<const SortedJson::parse_error*>(&error);
    throw usage_error(
        path, syntax ? fmt::format("is not JSON at byte {} of {}", syntax->byte, text.size()) : "holds a JSON number out of range",
        "the file is damaged or of another format");
  }
}

std::string to_text(const Json& json, int indent) { return json.dump(indent); }

std::string to_text(const SortedJson& json) { return json.dump(); }

std::string to_text_replacing(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace difflm
