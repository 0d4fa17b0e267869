// Given text as a wish for infilling (steering/infill_pattern.h), in which nothing of it is taken for a placeholder.
#pragma once

#include <string>

#include "difflm/difflm.h"

namespace difflm {

// A text that begins with `before` and ends with `after`, with any number of words between them.
inline Wish text_between(const std::string& before, const std::string& after) {
  std::string wish;
  const auto add = [&](const std::string& text) {
    for (const char c : text) {
      if (c == '_' || c == '*') wish += '\\';
      wish += c;
    }
  };
  add(before);
  wish += before.empty() ? "* " : after.empty() ? " *" : " * ";
  add(after);
  return {"infill", wish};
}

}  // namespace difflm
