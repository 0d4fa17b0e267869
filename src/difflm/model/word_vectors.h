// Word vectors as text: GloVe, word2vec and fastText .vec.
//
// A line is a word and D numbers, separated by spaces or tabs. word2vec and fastText open with a line "count D"; GloVe does not.
// Words are bytes up to the last D columns: they may hold any UTF-8 (no-break spaces too), and spaces, as some GloVe words do.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace difflm {

// Calls `take` with the row of each word for which `wanted` returns true, in the order of the file. All rows have the same D.
// Returns a line for the user where the first line counts more or fewer words than the file has, as those that were filtered or put
// together by hand do; all words are used then. Empty otherwise.
// Only wanted rows are turned into numbers, since a file holds millions of words and a vocabulary thousands; the number of
// columns is checked on every line. Throws a usage error with path:line on a line with too few or too many columns (the last
// one of a file that was cut off, say), a column that is not a finite number, or a compressed or binary file.
std::string read_word_vectors(const std::string& path, const std::function<bool(std::string_view word)>& wanted,
                              const std::function<void(std::string_view word, std::span<const float> row)>& take);

}  // namespace difflm
