// The script that a letter is written in, by Unicode's blocks: enough to say which scripts a corpus has.
#pragma once

#include <cstdint>
#include <string_view>

namespace difflm {

// "Latin", "Han", "Thai" ...; "other" for letters of rarer scripts, "" for what is no letter.
std::string_view script_of(int32_t code_point);

}  // namespace difflm
