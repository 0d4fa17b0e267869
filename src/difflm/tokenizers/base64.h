// Base64 (RFC 4648, section 4, with padding), to keep bytes in JSON.
#pragma once

#include <string>
#include <string_view>

namespace difflm {

std::string to_base64(std::string_view bytes);

// Throws a failure on anything to_base64 would not have written.
std::string from_base64(std::string_view text);

}  // namespace difflm
