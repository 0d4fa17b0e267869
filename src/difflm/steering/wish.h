// A wish as the user words it: what a text should be like.
#pragma once

#include <string>

namespace difflm {

struct WishSpec {
  std::string guide;  // which guide reads it: "keywords"
  std::string text;   // in the notation of that guide: "cheap ... pub"
  bool operator==(const WishSpec&) const = default;
};

}  // namespace difflm
