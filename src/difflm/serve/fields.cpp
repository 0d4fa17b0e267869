#include "difflm/serve/fields.h"

#include <fmt/format.h>

#include <cmath>

#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/serve/request_error.h"

namespace difflm {
namespace {

SortedJson object_of(std::string_view body) {
  SortedJson json;
  try {
    json = parse_strict_json("body", body);
  } catch (const Error& error) {
    throw RequestError(400, "the body " + error.problem());
  }
  if (!json.is_object()) throw RequestError(400, "the body is no JSON object");
  return json;
}

// A value as an error shows it, cut where it is long.
std::string shown(const SortedJson& value) {
  std::string text = value.dump(-1, ' ', false, SortedJson::error_handler_t::replace);
  if (text.size() > 40) text = text.substr(0, 37) + "...";
  return text;
}

}  // namespace

Fields::Fields(std::string_view body) : object_(object_of(body)) {}

Fields::Fields(SortedJson object, std::string place) : object_(std::move(object)), place_(std::move(place)) {}

void Fields::refuse(const std::string& name, const std::string& problem) const {
  const std::string field = place_.empty() ? name : place_ + "." + name;
  throw RequestError(400, field + " " + problem, field);
}

const SortedJson& Fields::any(const std::string& name) {
  static const SortedJson kNothing;
  read_.insert(name);
  const auto found = object_.find(name);
  return found == object_.end() ? kNothing : *found;
}

std::optional<int64_t> Fields::integer(const std::string& name, int64_t least, int64_t most) {
  const SortedJson& value = any(name);
  if (value.is_null()) return std::nullopt;
  const bool whole = value.is_number_integer() || (value.is_number() && std::floor(value.get<double>()) == value.get<double>());
  const bool in_range =
      whole && value.get<double>() >= static_cast<double>(least) && value.get<double>() <= static_cast<double>(most);
  if (!in_range) refuse(name, fmt::format("is {}, expected a whole number from {} to {}", shown(value), least, most));
  return value.get<int64_t>();
}

std::optional<double> Fields::number(const std::string& name, double least, double most) {
  const SortedJson& value = any(name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_number() || !(value.get<double>() >= least && value.get<double>() <= most)) {
    refuse(name, fmt::format("is {}, expected a number from {} to {}", shown(value), least, most));
  }
  return value.get<double>();
}

std::optional<bool> Fields::truth(const std::string& name) {
  const SortedJson& value = any(name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_boolean()) refuse(name, fmt::format("is {}, expected true or false", shown(value)));
  return value.get<bool>();
}

std::optional<std::string> Fields::text(const std::string& name, int64_t longest) {
  const SortedJson& value = any(name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_string()) refuse(name, fmt::format("is {}, expected a text", shown(value)));
  auto text = value.get<std::string>();
  if (static_cast<int64_t>(text.size()) > longest) {
    refuse(name, fmt::format("has {} bytes, expected at most {}", text.size(), longest));
  }
  return text;
}

std::optional<std::vector<std::string>> Fields::texts(const std::string& name, int64_t most, int64_t longest) {
  const SortedJson& value = any(name);
  if (value.is_null()) return std::nullopt;
  if (value.is_string()) return std::vector{*text(name, longest)};
  const auto is_text = [](const SortedJson& one) { return one.is_string(); };
  if (!value.is_array() || !std::all_of(value.begin(), value.end(), is_text)) {
    refuse(name, fmt::format("is {}, expected a text or a list of texts", shown(value)));
  }
  if (static_cast<int64_t>(value.size()) > most) refuse(name, fmt::format("has {} texts, expected at most {}", value.size(), most));
  std::vector<std::string> texts;
  for (const auto& one : value) {
    texts.push_back(one.get<std::string>());
    if (static_cast<int64_t>(texts.back().size()) > longest) {
      refuse(name, fmt::format("has a text of {} bytes, expected at most {}", texts.back().size(), longest));
    }
  }
  return texts;
}

std::optional<std::vector<int64_t>> Fields::integers(const std::string& name, int64_t most) {
  const SortedJson& value = any(name);
  if (value.is_null()) return std::nullopt;
  const auto is_integer = [](const SortedJson& one) { return one.is_number_integer(); };
  if (!value.is_array() || !std::all_of(value.begin(), value.end(), is_integer)) {
    refuse(name, fmt::format("is {}, expected a list of whole numbers", shown(value)));
  }
  if (static_cast<int64_t>(value.size()) > most)
    refuse(name, fmt::format("has {} numbers, expected at most {}", value.size(), most));
  return value.get<std::vector<int64_t>>();
}

std::optional<Fields> Fields::object(const std::string& name) {
  const SortedJson& value = any(name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_object()) refuse(name, fmt::format("is {}, expected an object", shown(value)));
  return Fields(value, name);
}

std::vector<Fields> Fields::objects(const std::string& name, int64_t most) {
  const SortedJson& value = any(name);
  if (value.is_null()) return {};
  const auto is_object = [](const SortedJson& one) { return one.is_object(); };
  if (!value.is_array() || !std::all_of(value.begin(), value.end(), is_object)) {
    refuse(name, fmt::format("is {}, expected a list of objects", shown(value)));
  }
  if (static_cast<int64_t>(value.size()) > most)
    refuse(name, fmt::format("has {} entries, expected at most {}", value.size(), most));
  std::vector<Fields> objects;
  for (size_t at = 0; at < value.size(); ++at) objects.emplace_back(value[at], fmt::format("{}[{}]", name, at));
  return objects;
}

void Fields::end() const {
  for (const auto& [name, value] : object_.items()) {
    if (read_.contains(name)) continue;
    const std::string nearest = nearest_name(name, {read_.begin(), read_.end()});
    const std::string field = place_.empty() ? name : place_ + "." + name;
    throw RequestError(400, fmt::format("there is no field {}", field), field,
                       nearest.empty() ? "" : fmt::format("did you mean {}?", nearest));
  }
}

}  // namespace difflm
