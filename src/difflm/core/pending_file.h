// A file in the making: written piece by piece to a temporary file beside its place, which it takes when it is complete.
#pragma once

#include <fstream>
#include <string>
#include <string_view>

namespace difflm {

class PendingFile {
 public:
  // Throws a failure where `path` cannot be written.
  explicit PendingFile(std::string path);
  ~PendingFile();  // without commit nothing is left
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  // Throws a failure where not everything could be written.
  void write(std::string_view bytes);

  // What has been written so far is then in the file `temporary()`.
  void flush();
  const std::string& temporary() const { return temporary_; }

  // Puts the file in its place, synced; a kill at any moment leaves the old file there or the new one.
  void commit();

 private:
  [[noreturn]] void fail() const;

  std::string path_;
  std::string temporary_;
  std::ofstream out_;
  bool committed_ = false;
};

}  // namespace difflm
