// Where texts go while they are being made: standard output, or a file. Each line is there at once, so that whatever ends the
// command (Ctrl-C, a limit of time, a reader like `head` that has enough) loses nothing that was finished.
#pragma once

#include <cstdio>
#include <string>

namespace difflm {

// Thrown when the reader of standard output has gone, as `head` does; nothing is wrong then.
struct OutputClosed {};

class TextOutput {
 public:
  // `path` is empty for standard output. A file is emptied; throws a failure that names it where it cannot be written.
  explicit TextOutput(const std::string& path);
  ~TextOutput();
  TextOutput(const TextOutput&) = delete;
  TextOutput& operator=(const TextOutput&) = delete;

  // Throws OutputClosed, or a failure (disk full).
  void write_line(const std::string& line);

  // Throws OutputClosed where the reader has gone, which a writer would learn only from its next line.
  void check_reader() const;

 private:
  std::string name_;
  std::FILE* file_;
};

}  // namespace difflm
