#include "difflm/core/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "difflm/core/error.h"

namespace difflm {
namespace {

std::string reason() { return std::strerror(errno); }

// In blocks, since `size`, where it is known, saves the copies of a string that grows.
std::string read_stream(std::istream& in, size_t size = 0) {
  constexpr size_t kBlock = size_t{1} << 20;
  constexpr size_t kSmallBlock = 4096;
  std::string bytes;
  bytes.reserve(size + kSmallBlock);  // room for the read that finds the end
  while (in) {
    const size_t before = bytes.size();
    bytes.resize(before + std::min(kBlock, std::max(kSmallBlock, bytes.capacity() - before)));
    in.read(bytes.data() + before, static_cast<std::streamsize>(bytes.size() - before));
    bytes.resize(before + static_cast<size_t>(in.gcount()));
  }
  return bytes;
}

void sync_path(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) throw failure(path, fmt::format("cannot be opened for syncing: {}", reason()));
  const int result = ::fsync(descriptor);
  const int error = errno;
  ::close(descriptor);
  // Some file systems refuse to sync a folder; the rename itself is still atomic there.
  if (result != 0 && error != EINVAL && error != EROFS)
    throw failure(path, fmt::format("cannot be synced: {}", std::strerror(error)));
}

}  // namespace

std::string read_text_file(const std::string& path) {
  if (path == "-") return read_stream(std::cin);
  if (!std::filesystem::exists(path)) throw usage_error(path, "no such file", "check the path and the folder you are in");
  if (std::filesystem::is_directory(path)) throw usage_error(path, "is a folder, expected a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw usage_error(path, fmt::format("cannot be read: {}", reason()));
  std::error_code unknown;  // of a pipe
  const auto size = std::filesystem::file_size(path, unknown);
  return read_stream(in, unknown ? 0 : size);
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw failure(path, fmt::format("cannot make this folder: {}", error.message()), "choose a folder you may write to");
}

void write_text(const std::string& path, std::string_view text, bool append) {
  std::ofstream out(path, std::ios::binary | (append ? std::ios::app : std::ios::trunc));
  if (!out) throw failure(path, fmt::format("cannot be written: {}", reason()), "choose a folder you may write to");
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) throw failure(path, fmt::format("could not write {} bytes: {}", text.size(), reason()), "is the disk full?");
}

void put_in_place(const std::string& temporary, const std::string& path) {
  sync_path(temporary, O_RDONLY);
  if (::rename(temporary.c_str(), path.c_str()) != 0) throw failure(path, fmt::format("cannot be replaced: {}", reason()));
  const auto folder = std::filesystem::path(path).parent_path();
  sync_path(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
}

void replace_file(const std::string& path, const std::function<void(const std::string& temporary)>& write) {
  const std::string temporary = path + ".tmp";
  try {
    write(temporary);
    put_in_place(temporary, path);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
}

void replace_file_with_text(const std::string& path, std::string_view text) {
  replace_file(path, [&](const std::string& temporary) { write_text(temporary, text); });
}

FolderLock::FolderLock(const std::string& folder, const std::function<void()>& before_waiting) {
  const std::string path = folder + "/.lock";
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw failure(path, fmt::format("cannot be written: {}", reason()), "choose a folder you may write to");
  const auto lock = [&](int how) {
    int result = 0;
    do result = ::flock(descriptor_, how);
    while (result != 0 && errno == EINTR);
    return result == 0;
  };
  held_ = lock(LOCK_EX | LOCK_NB);
  for (int left = 5; !held_ && errno == EWOULDBLOCK && left > 0; --left) {  // `is_locked` holds it for a moment
    ::usleep(2'000);
    held_ = lock(LOCK_EX | LOCK_NB);
  }
  if (!held_ && errno == EWOULDBLOCK && before_waiting) {
    before_waiting();
    held_ = lock(LOCK_EX);
  }
  if (!held_ && errno == EWOULDBLOCK) {
    ::close(descriptor_);
    throw failure(folder, "is in use by another difflm process", "wait for it, stop it, or choose another folder");
  }
}

bool is_locked(const std::string& folder) {
  const int descriptor = ::open((folder + "/.lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return locked;
}

std::string unlocked_note(const std::string& folder) {
  return fmt::format("{}: this file system has no locks, so take care that no other difflm process writes there", folder);
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace difflm
