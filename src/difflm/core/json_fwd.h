// The names of the two JSON types, for headers.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace difflm {

using Json = nlohmann::ordered_json;  // keys in the order in which they were set, as files have them; found one after the other
using SortedJson = nlohmann::json;    // keys sorted; for objects of many thousand keys

}  // namespace difflm
