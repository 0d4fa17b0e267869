// What the library's errors say, in the words of the command line: the library names a wish or option as a program gives it, and a
// reader of the terminal must see the flag.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace difflm {

// The message of an error in `verb`: "infill" is "--infill" for a verb that has this flag, `train` is `difflm train`.
std::string in_command_words(const std::string& where, const std::string& problem, const std::string& hint, const CLI::App& verb);

}  // namespace difflm
