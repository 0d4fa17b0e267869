// A command sees the text and gives its output; one that fails, hangs or babbles is ended with an error that says so.
#include "difflm/core/filter_program.h"

#include <gtest/gtest.h>

#include <chrono>

#include "core/expect_error.h"
#include "core/temporary_folder.h"

namespace difflm::test {
namespace {

std::string error_of(const std::string& command, const FilterLimits& limits = {}) {
  return usage_message([&] { filtered(command, "a\nb\n", limits, "reward"); });
}

TEST(FilterProgram, GivesWhatTheCommandWrites) {
  EXPECT_EQ(filtered("cat", "a\nb\n", {}, "reward"), "a\nb\n");
  EXPECT_EQ(filtered("tr a-z A-Z | rev", "ab\n", {}, "reward"), "BA\n");
  EXPECT_EQ(filtered("true", "never read", {}, "reward"), "");
  const std::string much(3'000'000, 'x');
  EXPECT_EQ(filtered("cat", much, {}, "reward"), much);
  EXPECT_EQ(filtered("head -c 3", much, {}, "reward"), "xxx");
}

TEST(FilterProgram, SaysHowACommandFails) {
  EXPECT_NE(error_of("exit 3").find("reward: 'exit 3' ended with code 3"), std::string::npos);
  EXPECT_NE(error_of("kill -9 $$").find("was ended by signal 9"), std::string::npos);
  EXPECT_NE(error_of("no-such-program 2>/dev/null").find("ended with code 127"), std::string::npos);
  EXPECT_NE(error_of("yes", {60, 100'000}).find("has written more than 100000 bytes"), std::string::npos);
}

TEST(FilterProgram, EndsACommandThatHangsAndAllThatItStarted) {
  const TemporaryFolder folder;
  const std::string mark = folder.file("mark");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_NE(error_of("(sleep 1; touch " + mark + ") & sleep 100", {0.2}).find("has not ended after 0.2 seconds"),
            std::string::npos);
  EXPECT_NE(error_of("exec >&-; sleep 100", {0.2}).find("has not ended"), std::string::npos) << "its output is closed";
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(50));
  EXPECT_EQ(filtered("sleep 1.2; ls " + folder.path(), "", {}, "reward"), "") << "what it had started is gone too";
}

}  // namespace
}  // namespace difflm::test
