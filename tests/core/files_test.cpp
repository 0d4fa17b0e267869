#include "difflm/core/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <future>
#include <memory>
#include <thread>

#include "core/expect_error.h"
#include "core/temporary_folder.h"

// Stands in for the system's in this program: a file system without locks, where `error` is set.
namespace {
thread_local int flock_error = 0;
}
extern "C" int flock(int descriptor, int operation) noexcept {
  if (flock_error == 0) return static_cast<int>(::syscall(SYS_flock, descriptor, operation));
  errno = flock_error;
  return -1;
}

namespace difflm {
namespace {

using test::failure_message;
using test::TemporaryFolder;
using test::usage_message;
using ::testing::HasSubstr;

size_t count_files(const std::string& folder) {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

TEST(Files, reads_every_byte) {
  const TemporaryFolder folder;
  const std::string bytes("a\0b\r\n\xFF", 6);
  EXPECT_EQ(read_text_file(folder.write("x", bytes)), bytes);
}

TEST(Files, reading_says_what_is_wrong_with_the_path) {
  const TemporaryFolder folder;
  EXPECT_THAT(usage_message([&] { read_text_file(folder.file("none")); }), HasSubstr("no such file"));
  EXPECT_THAT(usage_message([&] { read_text_file(folder.path()); }), HasSubstr("is a folder"));
}

TEST(Files, replacing_leaves_the_new_content_and_nothing_else) {
  const TemporaryFolder folder;
  const auto path = folder.write("x", "old");
  replace_file_with_text(path, "new");
  EXPECT_EQ(folder.read("x"), "new");
  EXPECT_EQ(count_files(folder.path()), 1U);
}

TEST(Files, the_old_content_stands_until_the_new_one_is_whole) {
  const TemporaryFolder folder;
  const auto path = folder.write("x", "old");
  replace_file(path, [&](const std::string& temporary) {
    write_text(temporary, "half");
    EXPECT_EQ(folder.read("x"), "old");
  });
  EXPECT_EQ(folder.read("x"), "half");
}

TEST(Files, a_failed_replacement_changes_nothing) {
  const TemporaryFolder folder;
  const auto path = folder.write("x", "old");
  const auto fail = [&] {
    replace_file(path, [](const std::string& temporary) {
      write_text(temporary, "half");
      throw failure("here", "disk full");
    });
  };
  EXPECT_THAT(failure_message(fail), HasSubstr("disk full"));
  EXPECT_EQ(folder.read("x"), "old");
  EXPECT_EQ(count_files(folder.path()), 1U);
}

TEST(Files, replacing_a_folder_fails_and_leaves_nothing_beside_it) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("x/y"));
  EXPECT_THAT(failure_message([&] { replace_file_with_text(folder.file("x"), "new"); }), HasSubstr("x"));
  EXPECT_EQ(count_files(folder.path()), 1U);
}

TEST(Files, a_writer_killed_half_way_leaves_the_old_content) {
  const TemporaryFolder folder;
  const auto path = folder.write("x", "old");
  const pid_t child = ::fork();
  if (child == 0) {
    replace_file(path, [](const std::string& temporary) {
      write_text(temporary, "half");
      ::_exit(9);
    });
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 9);
  EXPECT_EQ(folder.read("x"), "old");
  replace_file_with_text(path, "new");  // what the killed writer left does no harm
  EXPECT_EQ(folder.read("x"), "new");
  EXPECT_EQ(count_files(folder.path()), 1U);
}

TEST(Files, a_full_disk_is_a_failure_that_says_so) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP();
  EXPECT_THAT(failure_message([] { write_text("/dev/full", "something"); }), HasSubstr("disk full"));
}

TEST(Files, appending_keeps_what_is_there) {
  const TemporaryFolder folder;
  const auto path = folder.write("x", "a");
  write_text(path, "b", true);
  EXPECT_EQ(folder.read("x"), "ab");
  write_text(path, "c");
  EXPECT_EQ(folder.read("x"), "c");
}

TEST(Files, an_unwritable_folder_is_a_failure) {
  const TemporaryFolder folder;
  folder.write("file", "");
  EXPECT_THAT(failure_message([&] { make_folder(folder.file("file/below")); }), HasSubstr("file/below"));
  EXPECT_THAT(failure_message([&] { write_text(folder.file("none/x"), "a"); }), HasSubstr("none/x"));
  make_folder(folder.file("a/b/c"));
  EXPECT_TRUE(std::filesystem::is_directory(folder.file("a/b/c")));
}

TEST(FolderLock, only_one_holds_it_at_a_time) {
  const TemporaryFolder folder;
  {
    EXPECT_FALSE(is_locked(folder.path()));  // and no file is made
    EXPECT_FALSE(std::filesystem::exists(folder.path() + "/.lock"));
    const FolderLock lock(folder.path());
    EXPECT_TRUE(is_locked(folder.path()));
    EXPECT_THAT(failure_message([&] { FolderLock second(folder.path()); }), HasSubstr("in use"));
  }
  EXPECT_FALSE(is_locked(folder.path()));
  const FolderLock again(folder.path());
}

TEST(FolderLock, another_process_is_kept_out_and_a_dead_one_is_not_in_the_way) {
  const TemporaryFolder folder;
  int ready[2];
  int finish[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(finish), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const FolderLock lock(folder.path());
    char byte = 'x';
    if (::write(ready[1], &byte, 1) != 1 || ::read(finish[0], &byte, 1) != 1) ::_exit(1);
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_THAT(failure_message([&] { FolderLock lock(folder.path()); }), HasSubstr("in use"));
  ASSERT_EQ(::write(finish[1], &byte, 1), 1);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  const FolderLock lock(folder.path());
  for (const int descriptor : {ready[0], ready[1], finish[0], finish[1]}) ::close(descriptor);
}

TEST(FolderLock, waits_where_it_is_told_to) {
  const TemporaryFolder folder;
  auto first = std::make_unique<FolderLock>(folder.path());
  std::promise<void> waiting;
  std::atomic<bool> free = false;
  std::thread other([&] {
    const FolderLock second(folder.path(), [&] { waiting.set_value(); });
    EXPECT_TRUE(free);
  });
  waiting.get_future().wait();
  free = true;
  first.reset();
  other.join();
  bool waited = false;
  const FolderLock third(folder.path(), [&] { waited = true; });
  EXPECT_FALSE(waited);
}

TEST(FolderLock, holds_nothing_where_the_file_system_has_no_locks) {
  const TemporaryFolder folder;
  for (const int error : {ENOLCK, ENOSYS, EOPNOTSUPP, EINVAL}) {
    flock_error = error;
    bool waited = false;
    const FolderLock lock(folder.path(), [&] { waited = true; });
    const FolderLock second(folder.path());
    flock_error = 0;
    EXPECT_FALSE(lock.is_held()) << error;
    EXPECT_FALSE(second.is_held()) << error;
    EXPECT_FALSE(waited) << "nobody to wait for";
  }
  EXPECT_TRUE(FolderLock(folder.path()).is_held());
  EXPECT_THAT(unlocked_note(folder.path()), HasSubstr("has no locks"));
}

TEST(FolderLock, moves_without_letting_go) {
  const TemporaryFolder folder;
  FolderLock first(folder.path());
  {
    const FolderLock second(std::move(first));
    EXPECT_THAT(failure_message([&] { FolderLock third(folder.path()); }), HasSubstr("in use"));
  }
  const FolderLock again(folder.path());
}

}  // namespace
}  // namespace difflm
