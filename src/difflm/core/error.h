// The one exception type of difflm.
//
// A message says where, what went wrong, what was expected, and a hint. The library throws it and never prints or exits; the
// command line maps its kind to the exit code.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace difflm {

class Error : public std::runtime_error {
 public:
  enum class Kind {
    usage,    // wrong command line, configuration or input the user can correct: exit code 2
    failure,  // everything else: full disk, unreadable file, diverged training: exit code 1
  };

  Error(Kind kind, std::string_view where, std::string_view what, std::string_view hint)
      : std::runtime_error(compose(where, what, hint)), kind_(kind) {}

  Kind kind() const { return kind_; }

 private:
  static std::string compose(std::string_view where, std::string_view what, std::string_view hint) {
    std::string message = where.empty() ? std::string() : std::string(where) + ": ";
    message += what;
    if (!hint.empty()) message += "\n  hint: " + std::string(hint);
    return message;
  }

  Kind kind_;
};

// `throw usage_error("data.path", "no such file: x.txt, expected a text file", "check the path")`.
inline Error usage_error(std::string_view where, std::string_view what, std::string_view hint = "") {
  return {Error::Kind::usage, where, what, hint};
}

inline Error failure(std::string_view where, std::string_view what, std::string_view hint = "") {
  return {Error::Kind::failure, where, what, hint};
}

}  // namespace difflm
