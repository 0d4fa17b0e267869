// What a whole number of the command line must be at least, said in our words instead of a failed conversion.
#pragma once

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <cstdint>
#include <string>

namespace difflm {

inline CLI::Validator at_least(int64_t least) {
  const auto check = [least](const std::string& text) -> std::string {
    int64_t value = 0;
    const bool number = CLI::detail::lexical_cast(text, value);
    if (text.starts_with('-') || (number && value < least)) return fmt::format("is {}, expected at least {}", text, least);
    return "";
  };
  return {check, ""};
}

}  // namespace difflm
