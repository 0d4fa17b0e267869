// A run's configuration is read without its model; a folder that is not a run is a usage error.
#include "difflm/model/run_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/expect_error.h"
#include "core/temporary_folder.h"

namespace difflm::test {
namespace {

TEST(RunFolder, TheConfigurationNeedsNothingElseOfTheRun) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("checkpoint"));
  folder.write("config.toml", "[data]\nprepared = \"texts\"\n");
  const auto message = usage_message([&] { read_run_config(folder.path()); });
  EXPECT_NE(message.find("holds no checkpoint"), std::string::npos) << message;
  EXPECT_NE(message.find("run it again"), std::string::npos) << message;
  folder.write("checkpoint/state.json", "");
  EXPECT_EQ(prepared_folder(read_run_config(folder.path()), folder.path()), "texts");
  EXPECT_NE(usage_message([&] { read_run_config(folder.file("none")); }).find("no such run folder"), std::string::npos);
}

TEST(RunFolder, TheTextsLieInTheRunUnlessAnotherFolderIsNamed) {
  EXPECT_EQ(prepared_folder(Config(), "runs/mine"), "runs/mine/data");
}

}  // namespace
}  // namespace difflm::test
