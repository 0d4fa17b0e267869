#include "difflm/core/options.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "difflm/core/error.h"
#include "difflm/core/names.h"

namespace difflm {
namespace {

std::string join_key(const std::string& section, std::string_view name) {
  return section.empty() ? std::string(name) : section + "." + std::string(name);
}

[[noreturn]] void wrong_type(const std::string& key, const ConfigValue& value, std::string_view expected) {
  throw usage_error(value.origin + ": " + key, fmt::format("is {}, expected {}", type_name(value.data), expected));
}

void check_limits(const std::string& key, const ConfigValue& value, double number, Limits limits) {
  if (std::isfinite(number) && number >= limits.least && number <= limits.most) return;
  std::string expected = "a finite number";
  if (std::isfinite(limits.least) && std::isfinite(limits.most)) {
    expected = fmt::format("a number from {} to {}", limits.least, limits.most);
  } else if (std::isfinite(limits.least)) {
    expected = fmt::format("at least {}", limits.least);
  } else if (std::isfinite(limits.most)) {
    expected = fmt::format("at most {}", limits.most);
  }
  throw usage_error(value.origin + ": " + key, fmt::format("is {}, expected {}", number, expected));
}

// A column called 1, a file called 2024: TOML takes what is written on the command line for an integer.
std::optional<std::string> scalar_text(const ConfigValue::Data& data) {
  if (const auto* text = std::get_if<std::string>(&data)) return *text;
  if (const auto* integer = std::get_if<int64_t>(&data)) return fmt::format("{}", *integer);
  return {};
}

// 1e4 is a real number to TOML, and an integer to whoever writes it.
int64_t whole_number(const std::string& key, const ConfigValue& value) {
  if (const auto* integer = std::get_if<int64_t>(&value.data)) return *integer;
  constexpr double kExact = 0x1p53;  // up to here a double holds every integer
  const auto* real = std::get_if<double>(&value.data);
  if (real == nullptr || *real != std::floor(*real) || std::abs(*real) > kExact) wrong_type(key, value, "an integer");
  return static_cast<int64_t>(*real);
}

}  // namespace

void OptionReader::field(std::string_view name, bool& value, std::string_view) {
  const std::string key = join_key(section_, name);
  if (const auto* found = config_.find(key)) {
    if (!std::holds_alternative<bool>(found->data)) wrong_type(key, *found, "true or false");
    value = std::get<bool>(found->data);
  }
}

void OptionReader::field(std::string_view name, int64_t& value, std::string_view, Limits limits) {
  const std::string key = join_key(section_, name);
  if (const auto* found = config_.find(key)) {
    const int64_t number = whole_number(key, *found);
    check_limits(key, *found, static_cast<double>(number), limits);
    value = number;
  }
}

void OptionReader::field(std::string_view name, double& value, std::string_view, Limits limits) {
  const std::string key = join_key(section_, name);
  if (const auto* found = config_.find(key)) {
    double number = 0;
    if (const auto* real = std::get_if<double>(&found->data)) {
      number = *real;
    } else if (const auto* integer = std::get_if<int64_t>(&found->data)) {
      number = static_cast<double>(*integer);
    } else {
      wrong_type(key, *found, "a number");
    }
    check_limits(key, *found, number, limits);
    value = number;
  }
}

void OptionReader::field(std::string_view name, std::string& value, std::string_view) {
  const std::string key = join_key(section_, name);
  if (const auto* found = config_.find(key)) {
    const auto text = scalar_text(found->data);
    if (!text) wrong_type(key, *found, "a text");
    value = *text;
  }
}

void OptionReader::field(std::string_view name, std::vector<std::string>& value, std::string_view) {
  const std::string key = join_key(section_, name);
  if (const auto* found = config_.find(key)) {
    if (const auto* list = std::get_if<std::vector<std::string>>(&found->data)) {
      value = *list;
    } else if (const auto* numbers = std::get_if<std::vector<double>>(&found->data)) {
      value.clear();
      for (const double number : *numbers) value.push_back(fmt::format("{}", number));
    } else if (const auto text = scalar_text(found->data)) {
      value = {*text};
    } else {
      wrong_type(key, *found, "a text or a list of texts");
    }
  }
}

void OptionReader::choice(std::string_view name, std::string& value, std::string_view help,
                          const std::vector<std::string>& allowed) {
  field(name, value, help);
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return;
  const std::string key = join_key(section_, name);
  const auto* found = config_.find(key);
  throw usage_error((found == nullptr ? "" : found->origin + ": ") + key,
                    fmt::format("'{}' is unknown, expected one of {}", value, fmt::join(allowed, ", ")),
                    suggestion(value, allowed));
}

void OptionWriter::write(std::string_view name, ConfigValue::Data data) {
  config_.set(join_key(section_, name), {std::move(data), "default"});
}
void OptionWriter::field(std::string_view name, bool& value, std::string_view) { write(name, value); }
void OptionWriter::field(std::string_view name, int64_t& value, std::string_view, Limits) { write(name, value); }
void OptionWriter::field(std::string_view name, double& value, std::string_view, Limits) { write(name, value); }
void OptionWriter::field(std::string_view name, std::string& value, std::string_view) { write(name, value); }
void OptionWriter::field(std::string_view name, std::vector<std::string>& value, std::string_view) { write(name, value); }
void OptionWriter::choice(std::string_view name, std::string& value, std::string_view, const std::vector<std::string>&) {
  write(name, value);
}

void OptionLister::add(std::string_view name, const ConfigValue::Data& value, std::string standard, std::string_view help,
                       Limits limits, std::vector<std::string> choices) {
  options_.push_back(
      {join_key(section_, name), type_name(value), std::move(standard), std::string(help), limits, std::move(choices)});
}
void OptionLister::field(std::string_view name, bool& value, std::string_view help) {
  add(name, value, value ? "true" : "false", help);
}
void OptionLister::field(std::string_view name, int64_t& value, std::string_view help, Limits limits) {
  add(name, value, fmt::format("{}", value), help, limits);
}
void OptionLister::field(std::string_view name, double& value, std::string_view help, Limits limits) {
  add(name, value, fmt::format("{}", value), help, limits);
}
void OptionLister::field(std::string_view name, std::string& value, std::string_view help) {
  add(name, value, fmt::format("\"{}\"", value), help);
}
void OptionLister::field(std::string_view name, std::vector<std::string>& value, std::string_view help) {
  add(name, value, value.empty() ? "[]" : fmt::format("[\"{}\"]", fmt::join(value, "\", \"")), help);
}
void OptionLister::choice(std::string_view name, std::string& value, std::string_view help,
                          const std::vector<std::string>& allowed) {
  add(name, value, fmt::format("\"{}\"", value), help, {}, allowed);
}

}  // namespace difflm
