// A file that a verb will write at its end: whether it can is found out at its beginning.
#pragma once

#include <string>
#include <string_view>

namespace difflm {

class OutputFile {
 public:
  // Throws a usage error or failure where `path` cannot be written, without touching it. An empty path is no file.
  explicit OutputFile(std::string path);

  // Replaces the content: the old or the new file is there at any moment. What is no file of its own (a pipe, /dev/stdout) is
  // written to.
  void write(std::string_view text) const;

 private:
  std::string path_;
  bool replaces_ = true;
};

}  // namespace difflm
