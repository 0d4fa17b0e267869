// What the library's errors say, in the words of the command line: the library names a wish or option as a program gives it, and a
// reader of the terminal must see the flag.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "difflm/core/error.h"

namespace difflm {

// The message of `error` where `verb` ran: "infill" is "--infill" for a verb that has this flag, `train` is `difflm train`.
std::string in_command_words(const Error& error, const CLI::App& verb);

}  // namespace difflm
