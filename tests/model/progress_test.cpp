// state.json: its layout, that it is read back as written, and the error for a damaged one.
#include "difflm/model/progress.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/expect_error.h"
#include "core/temporary_folder.h"

namespace difflm::test {
namespace {

// As every version of difflm has written it.
constexpr const char* kFile = R"({
  "step": 17,
  "seconds": 2.5,
  "tokens": 12345,
  "best_loss": 1.25,
  "best_step": 10,
  "validations_since_best": 2,
  "finished": true,
  "optimizer_updates": 18
}
)";

TEST(Progress, TheFileIsAsItWas) {
  const TemporaryFolder folder;
  const Progress progress = read_progress(folder.write("state.json", kFile));
  EXPECT_EQ(progress.step, 17);
  EXPECT_EQ(progress.seconds, 2.5);
  EXPECT_EQ(progress.tokens, 12345);
  EXPECT_EQ(progress.best_loss, 1.25);
  EXPECT_EQ(progress.best_step, 10);
  EXPECT_EQ(progress.validations_since_best, 2);
  EXPECT_TRUE(progress.finished);
  EXPECT_EQ(progress.optimizer_updates, 18);
  EXPECT_LT(progress.rate.factor, 0) << "not known";
  write_progress(folder.file("again.json"), progress);
  EXPECT_EQ(folder.read("again.json"), kFile);
}

TEST(Progress, TheRateIsReadBack) {
  const TemporaryFolder folder;
  Progress progress;
  progress.rate = {0.25, 40, 1.5, 0.125, 0.5, true};
  write_progress(folder.file("state.json"), progress);
  const RateState rate = read_progress(folder.file("state.json")).rate;
  EXPECT_EQ(rate.factor, 0.25);
  EXPECT_EQ(rate.steps, 40);
  EXPECT_EQ(rate.minutes, 1.5);
  EXPECT_EQ(rate.climb_from, 0.125);
  EXPECT_EQ(rate.climb_at, 0.5);
  EXPECT_TRUE(rate.restarted);
}

TEST(Progress, WhatAnotherVersionKnowsBesideIsNoError) {
  const TemporaryFolder folder;
  auto json = nlohmann::ordered_json::parse(kFile);
  json["objective"] = {0.1, -1, 1.0 / 3};
  json["weather"] = "fine";
  EXPECT_EQ(read_progress(folder.write("older.json", json.dump())).step, 17);
  json.erase("objective");
  EXPECT_EQ(read_progress(folder.write("newer.json", json.dump())).step, 17);
}

TEST(Progress, DamageIsNamed) {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& text) {
    const std::string path = folder.write("state.json", text);
    return failure_message([&] { read_progress(path); });
  };
  EXPECT_NE(message("{").find("is not JSON"), std::string::npos);
  for (const std::string text : {"[]", "{}", "null", "{\"step\": \"three\"}"})
    EXPECT_NE(message(text).find("state.json: is not the state of a run"), std::string::npos) << text;
  auto json = nlohmann::ordered_json::parse(kFile);
  json.erase("best_loss");
  EXPECT_NE(message(json.dump()).find("is not the state of a run"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
