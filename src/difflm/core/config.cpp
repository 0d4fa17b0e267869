#include "difflm/core/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/names.h"

namespace difflm {
namespace {

std::string place(const std::string& origin, const toml::source_region& region) {
  if (region.begin.line == 0) return origin;
  return fmt::format("{}:{}:{}", origin, static_cast<unsigned>(region.begin.line), static_cast<unsigned>(region.begin.column));
}

ConfigValue::Data array_value(const toml::array& array, const std::string& where) {
  std::vector<std::string> texts;
  std::vector<double> numbers;
  for (const auto& element : array) {
    if (const auto* text = element.as_string()) {
      texts.push_back(text->get());
    } else if (element.is_number()) {
      numbers.push_back(*element.value<double>());
    } else {
      throw usage_error(where, "a list may hold texts or numbers only");
    }
  }
  if (!texts.empty() && !numbers.empty()) throw usage_error(where, "a list mixes texts and numbers, expected one kind");
  if (!numbers.empty()) return numbers;
  return texts;
}

ConfigValue::Data scalar_or_array(const toml::node& node, const std::string& where) {
  if (const auto* value = node.as_boolean()) return value->get();
  if (const auto* value = node.as_integer()) return value->get();
  if (const auto* value = node.as_floating_point()) return value->get();
  if (const auto* value = node.as_string()) return value->get();
  if (const auto* value = node.as_array()) return array_value(*value, where);
  throw usage_error(where, "dates and times are not configuration values, expected a truth value, number, text or list");
}

void flatten(const toml::table& table, const std::string& prefix, const std::string& origin, Config& config) {
  for (const auto& [key, node] : table) {
    const std::string full = prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
    if (const auto* inner = node.as_table()) {
      flatten(*inner, full, origin, config);
    } else {
      const std::string where = place(origin, node.source());
      config.set(full, {scalar_or_array(node, where + ": " + full), where});
    }
  }
}

toml::table parse(std::string_view text, const std::string& origin) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw usage_error(place(origin, error.source()), fmt::format("not valid TOML: {}", error.description()),
                      "texts need quotes in TOML files: name = \"value\"");
  }
}

// "a.b.c" -> {"a", "b"} and "c".
std::pair<std::vector<std::string>, std::string> split_key(const std::string& key) {
  std::vector<std::string> parts = split_list(key, ".");
  std::string leaf = parts.back();
  parts.pop_back();
  return {std::move(parts), std::move(leaf)};
}

// A basic string of TOML.
std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += std::string("\\") + c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string to_toml(bool value) { return value ? "true" : "false"; }
std::string to_toml(int64_t value) { return fmt::format("{}", value); }
std::string to_toml(const std::string& value) { return toml_string(value); }

// The shortest decimal that reads back equal, marked as a number that is no integer.
std::string to_toml(double value) {
  std::string text = fmt::format("{}", value);
  return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
}

template <class Element>
std::string to_toml(const std::vector<Element>& list) {
  if (list.empty()) return "[]";
  std::string result;
  for (const auto& element : list) result += (result.empty() ? "[ " : ", ") + to_toml(element);
  return result + " ]";
}

std::string bare_or_quoted(const std::string& name) {
  const bool bare = !name.empty() &&
                    name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
  return bare ? name : toml_string(name);
}

// `chain` holds the files that led here, so that circular includes are an error, not an endless recursion.
void read_with_includes(const std::string& path, std::vector<std::string>& chain, Config& config) {
  const toml::table table = parse(read_text_file(path), path);
  std::error_code ignored;
  chain.push_back(std::filesystem::weakly_canonical(path, ignored).string());
  if (const auto* include = table.get("include")) {
    const std::string where = place(path, include->source()) + ": include";
    const auto* name = include->as_string();
    if (name == nullptr) throw usage_error(where, "expected the name of a TOML file");
    const auto base = std::filesystem::path(path).parent_path() / name->get();
    if (std::find(chain.begin(), chain.end(), std::filesystem::weakly_canonical(base, ignored).string()) != chain.end()) {
      throw usage_error(where, fmt::format("'{}' includes itself, perhaps through other files", name->get()));
    }
    read_with_includes(base.string(), chain, config);
  }
  Config own;
  flatten(table, "", path, own);
  for (const auto& [key, value] : own.values()) {
    if (key != "include") config.set(key, value);
  }
}

}  // namespace

void Config::read_file(const std::string& path) {
  std::vector<std::string> chain;
  read_with_includes(path, chain, *this);
}

void Config::read_toml(std::string_view text, const std::string& origin) { flatten(parse(text, origin), "", origin, *this); }

void Config::read_override(std::string_view word) {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw usage_error("settings", fmt::format("'{}' is not an override, expected key=value", word), "for example train.minutes=3");
  }
  const std::string key(word.substr(0, equals));
  const std::string value(word.substr(equals + 1));
  try {
    const toml::table table = toml::parse("value = " + value);
    if (table.size() == 1 && !table.get("value")->is_table()) {
      set(key, {scalar_or_array(*table.get("value"), key), "settings"});
      return;
    }
  } catch (const toml::parse_error&) {  // not TOML: a plain text
  }
  set(key, {value, "settings"});
}

const ConfigValue* Config::find(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

Config Config::section(const std::string& prefix) const {
  Config result;
  const std::string start = prefix + ".";
  for (const auto& [key, value] : values_) {
    if (key.starts_with(start)) result.values_[key.substr(start.size())] = value;
  }
  return result;
}

std::string Config::to_toml() const {
  std::map<std::vector<std::string>, std::string> sections;  // by the parts of their names: their lines
  for (const auto& [key, value] : values_) {
    for (size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', dot + 1)) {
      if (values_.contains(key.substr(0, dot)))
        throw usage_error(key, fmt::format("'{}' is a value, expected a section", key.substr(0, dot)));
    }
    const auto [section, leaf] = split_key(key);
    const std::string text = std::visit([](const auto& data) { return difflm::to_toml(data); }, value.data);
    sections[section] += fmt::format("{} = {}\n", bare_or_quoted(leaf), text);
  }
  std::string result;
  for (const auto& [section, lines] : sections) {
    std::string name;
    for (const auto& part : section) name += (name.empty() ? "" : ".") + bare_or_quoted(part);
    if (!result.empty()) result += "\n";
    if (!section.empty()) result += fmt::format("[{}]\n", name);
    result += lines;
  }
  return result;
}

std::string type_name(const ConfigValue::Data& data) {
  static const char* const kNames[] = {"a truth value", "an integer", "a number", "a text", "a list of texts", "a list of numbers"};
  return kNames[data.index()];
}

}  // namespace difflm
