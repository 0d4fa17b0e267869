// Files that are never half-written: write to a temporary file, sync, rename.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace difflm {

// The whole file; "-" is standard input. Throws a usage error that says whether it is missing, a folder or unreadable.
std::string read_text_file(const std::string& path);

// Creates the folder and its parents; throws a failure that says why it cannot.
void make_folder(const std::string& path);

// Calls `write` with the path of a temporary file beside `path`, syncs that file, renames it over `path` and syncs the folder.
// A kill at any moment leaves the old file or the new one. Throws a failure (disk full, not writable) with `path` untouched.
void replace_file(const std::string& path, const std::function<void(const std::string& temporary)>& write);

// Syncs `temporary`, renames it over `path` and syncs the folder.
void put_in_place(const std::string& temporary, const std::string& path);

void replace_file_with_text(const std::string& path, std::string_view text);

// Writes `text` to `path` in place (no rename); throws a failure where not everything could be written.
void write_text(const std::string& path, std::string_view text, bool append = false);

// Holds an exclusive lock on `folder/.lock` while it lives, so that two processes never write to one run.
// Where another holds it: throws a failure that says so, or, with `before_waiting`, calls that and waits until the other is done.
// Some file systems have no locks (NFS without a lock daemon, FUSE): there it holds nothing, and the user has to take care.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder, const std::function<void()>& before_waiting = {});
  ~FolderLock();
  bool is_held() const { return held_; }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  FolderLock(FolderLock&& other) noexcept : descriptor_(other.descriptor_), held_(other.held_) { other.descriptor_ = -1; }
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  int descriptor_ = -1;
  bool held_ = false;
};

// Whether a process, this one included, holds the lock of `folder` now. Nothing is written, and where it cannot be known: false.
bool is_locked(const std::string& folder);

// A line for the user of a folder that could not be locked.
std::string unlocked_note(const std::string& folder);

}  // namespace difflm
