#include "difflm/cli/text_output.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <cstring>

#include "difflm/core/error.h"

namespace difflm {

TextOutput::TextOutput(const std::string& path)
    : name_(path.empty() ? "standard output" : path), file_(path.empty() ? stdout : std::fopen(path.c_str(), "wb")) {
  if (file_ == nullptr)
    throw failure(path, fmt::format("cannot be written: {}", std::strerror(errno)), "choose a folder you may write to");
}

TextOutput::~TextOutput() {
  if (file_ != stdout) std::fclose(file_);
}

void TextOutput::write_line(const std::string& line) {
  const std::string bytes = line + "\n";
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size() && std::fflush(file_) == 0) return;
  const int error = errno;
  if (error == EPIPE) throw OutputClosed{};
  throw failure(name_, fmt::format("cannot be written: {}", std::strerror(error)), "is the disk full?");
}

void TextOutput::check_reader() const {
  pollfd seen = {::fileno(file_), 0, 0};
  if (::poll(&seen, 1, 0) > 0 && (seen.revents & POLLERR) != 0) throw OutputClosed{};
}

}  // namespace difflm
