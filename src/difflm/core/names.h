// Names as users write them: lists of them, and suggestions for unknown keys and variants.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace difflm {

// "a, b" at ", " -> {"a", "b"}; the parts between separators, empty ones included.
std::vector<std::string> split_list(std::string_view list, std::string_view separator);

// Edits (insert, delete, replace, swap of neighbours) between two names: the optimal string alignment distance.
int edit_distance(std::string_view a, std::string_view b);

// The candidate with the smallest edit distance, or "" where none is closer than half of the name's length.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

// "did you mean 'x'?" or "known: a, b, c".
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates);

// A name from a file, for a message: quoted, cut to 100 bytes, control characters replaced.
std::string quoted_name(std::string_view name);

}  // namespace difflm
