#include "difflm/core/pending_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/files.h"

namespace difflm {

PendingFile::PendingFile(std::string path) : path_(std::move(path)), temporary_(path_ + ".tmp") {
  out_.open(temporary_, std::ios::binary | std::ios::trunc);
  if (!out_) throw failure(path_, fmt::format("cannot be written: {}", std::strerror(errno)), "choose a folder you may write to");
}

PendingFile::~PendingFile() {
  if (committed_) return;
  out_.close();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void PendingFile::fail() const {
  throw failure(path_, fmt::format("could not be written: {}", std::strerror(errno)), "is the disk full?");
}

void PendingFile::write(std::string_view bytes) {
  if (!out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) fail();
}

void PendingFile::flush() {
  if (!out_.flush()) fail();
}

void PendingFile::commit() {
  flush();
  out_.close();
  if (!out_) fail();
  put_in_place(temporary_, path_);
  committed_ = true;
}

}  // namespace difflm
