// A file that a corpus was read from: any change is noticed, a copy with the same content is none.
#include "difflm/corpora/source_file.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "core/temporary_folder.h"

namespace difflm::test {
namespace {

TEST(SourceFile, NoticesEveryChangeOfTheContent) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "one\ntwo\n");
  const SourceFile file = describe_source(path).value();
  EXPECT_EQ(describe_source("-"), std::nullopt);
  EXPECT_EQ(describe_source("/dev/null"), std::nullopt);
  EXPECT_EQ(file.path, path);
  EXPECT_EQ(change_of(file), "");
  const auto later = std::filesystem::last_write_time(path) + std::chrono::seconds(5);
  std::filesystem::last_write_time(path, later);
  EXPECT_EQ(change_of(file), "") << "touched, not changed";
  folder.write("a.txt", "one\ntoo\n");
  std::filesystem::last_write_time(path, later);
  EXPECT_EQ(change_of(file), "has changed (of the same size)");
  folder.write("a.txt", "one\ntwo\nthree\n");
  EXPECT_EQ(change_of(file), "has changed (8 bytes, now 14)");
  std::filesystem::remove(path);
  EXPECT_EQ(change_of(file), "is gone");
}

}  // namespace
}  // namespace difflm::test
