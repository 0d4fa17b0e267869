// The names of the two JSON types, for headers.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace difflm {

using Json = nlohmann::ordered_json;  // keys in the order in which they were set, as in files; look-up is linear
using SortedJson = nlohmann::json;    // keys sorted; for objects with many thousands of keys

}  // namespace difflm
