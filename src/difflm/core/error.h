// The one exception type of difflm.
//
// A message has a place, what went wrong, what was expected, and a hint. The place is a file, a key of the configuration, or the
// name of a wish or option as a program gives it ("infill", "count"); a hint names wishes, options and functions in `backticks`.
// The library does not depend on the command line: only cli says which flag that is. The library throws and never prints or exits.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace difflm {

class Error : public std::runtime_error {
 public:
  enum class Kind {
    usage,    // a wrong configuration, request or input, which the user can correct
    failure,  // everything else: full disk, unreadable file, diverged training
  };

  Error(Kind kind, std::string_view where, std::string_view problem, std::string_view hint)
      : std::runtime_error(message(where, problem, hint)), kind_(kind), where_(where), problem_(problem), hint_(hint) {}

  Kind kind() const { return kind_; }
  const std::string& where() const { return where_; }      // may be empty
  const std::string& problem() const { return problem_; }  // what went wrong, and what was expected
  const std::string& hint() const { return hint_; }        // may be empty

  // The three as one text, in the form in which a user reads them.
  static std::string message(std::string_view where, std::string_view problem, std::string_view hint) {
    std::string message = where.empty() ? std::string() : std::string(where) + ": ";
    message += problem;
    if (!hint.empty()) message += "\n  hint: " + std::string(hint);
    return message;
  }

 private:
  Kind kind_;
  std::string where_;
  std::string problem_;
  std::string hint_;
};

// `throw usage_error("data.path", "no such file: x.txt, expected a text file", "check the path")`.
inline Error usage_error(std::string_view where, std::string_view problem, std::string_view hint = "") {
  return {Error::Kind::usage, where, problem, hint};
}

inline Error failure(std::string_view where, std::string_view problem, std::string_view hint = "") {
  return {Error::Kind::failure, where, problem, hint};
}

}  // namespace difflm
