#include "difflm/evaluation/judge/judge_training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/evaluation/cache_folder.h"
#include "difflm/evaluation/judge/autoregressive_judge.h"
#include "evaluation/small_corpus.h"

namespace difflm::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

// Texts of some `sentences` times nine words.
std::vector<std::string> texts(size_t count, size_t sentences) {
  const auto all = small_corpus(count * sentences, 1);
  std::vector<std::string> result;
  for (size_t i = 0; i < count; ++i) {
    std::string text;
    for (size_t k = 0; k < sentences; ++k) text += (k > 0 ? " " : "") + all[i * sentences + k];
    result.push_back(text);
  }
  return result;
}

template <class Type>
Type value(const Config& config, const std::string& key) {
  return std::get<Type>(config.find(key)->data);
}

TEST(JudgeTraining, OfManyShortTextsIsThatOfAllItsJudgesSoFar) {
  const Config config = judge_config(texts(5000, 1), 2000);
  EXPECT_EQ(value<std::string>(config, "data.packing"), "bucket");
  EXPECT_EQ(value<int64_t>(config, "data.length"), 192);
  EXPECT_EQ(value<int64_t>(config, "train.batch"), 32);
  EXPECT_EQ(value<int64_t>(config, "train.validate_every"), 200);
  EXPECT_EQ(value<int64_t>(config, "data.split_seed"), 1);
}

TEST(JudgeTraining, OfLongTextsSeesWindowsOfAStream) {
  const Config config = judge_config(texts(400, 27), 2000);  // of 240 words
  EXPECT_EQ(value<std::string>(config, "data.packing"), "block");
  EXPECT_EQ(value<int64_t>(config, "data.length"), 256);
  EXPECT_LE(value<int64_t>(config, "train.batch"), 16);
}

TEST(JudgeTraining, OfFewTextsHasSmallBatches) {
  const Config config = judge_config(texts(30, 1), 2000);
  EXPECT_LE(value<int64_t>(config, "train.batch"), 7);
}

TEST(JudgeTraining, NeedsAFewDifferentTexts) {
  EXPECT_EQ(why_no_judge(texts(30, 1)), "");
  EXPECT_THAT(why_no_judge(texts(3, 40)), HasSubstr("3 different training texts"));
  EXPECT_THAT(why_no_judge(std::vector<std::string>(500, texts(1, 3).front())), HasSubstr("1 different training texts"));
}

struct Told {
  std::vector<std::string> lines;
  int64_t steps = 0;
  int64_t stop_at = 1000;
  JudgeTraining events() {
    return {[this](const std::string& line) { lines.push_back(line); },
            [this](const TrainEvents::Step& step) {
              ++steps;
              EXPECT_GE(step.seconds_left, 0);
              return step.step < stop_at;
            }};
  }
};

TEST(JudgeTraining, OfFewAndOfLongTextsWorks) {
  const TemporaryFolder cache;
  for (const auto& corpus : {texts(30, 1), texts(12, 27), texts(9, 2)}) {
    Told told;
    const auto folder = train_judge(corpus, 3, {cache.path()}, told.events());
    ASSERT_TRUE(folder);
    const AutoregressiveJudge judge(*folder);
    const auto score = judge.score({corpus.front()}).front();
    EXPECT_GT(score.nats, 0);
    EXPECT_TRUE(std::isfinite(score.nats));
  }
}

// What is stopped is kept, and the same call goes on; what is finished is found without work, even where nothing can be written.
TEST(JudgeTraining, GoesOnAfterAStop) {
  const TemporaryFolder cache;
  const auto corpus = texts(30, 1);
  Told first;
  first.stop_at = 2;
  EXPECT_FALSE(train_judge(corpus, 5, {cache.path()}, first.events()));
  EXPECT_EQ(first.steps, 2);
  EXPECT_THAT(first.lines, Contains(HasSubstr("stopped at step 2 of the judge's training, which is kept")));
  Told second;
  const auto folder = train_judge(corpus, 5, {cache.path()}, second.events());
  ASSERT_TRUE(folder);
  EXPECT_EQ(second.steps, 3);
  EXPECT_THAT(second.lines, Contains(HasSubstr("going on training a judge")));
  EXPECT_EQ(read_progress(progress_path(*folder)).step, 5);
  Told third;
  EXPECT_EQ(train_judge(corpus, 5, {"/proc/no", cache.path()}, third.events()), folder);
  EXPECT_EQ(third.steps, 0);
  EXPECT_THAT(third.lines, testing::IsEmpty());
}

// What a crash or another version left there is replaced.
TEST(JudgeTraining, BeginsAgainWhereItCannotGoOn) {
  const TemporaryFolder cache;
  const auto corpus = texts(30, 1);
  Told first;
  first.stop_at = 2;
  EXPECT_FALSE(train_judge(corpus, 4, {cache.path()}, first.events()));
  for (const auto& entry : std::filesystem::directory_iterator(cache.path())) {
    std::ofstream(entry.path() / "config.toml") << "[data]\nlength = 7\n";
  }
  Told second;
  EXPECT_TRUE(train_judge(corpus, 4, {cache.path()}, second.events()));
  EXPECT_THAT(second.lines, Contains(HasSubstr("it is trained from the start")));
  EXPECT_EQ(second.steps, 4);
}

TEST(CacheFolder, IsTheFirstThatCanBeWrittenAndSaysSo) {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "");
  std::vector<std::string> lines;
  const auto tell = [&](const std::string& line) { lines.push_back(line); };
  EXPECT_EQ(writable_cache({folder.path() + "/a/b", folder.path() + "/c"}, tell), folder.path() + "/a/b");
  EXPECT_THAT(lines, testing::IsEmpty());
  EXPECT_EQ(writable_cache({file + "/cache", folder.path() + "/c"}, tell), folder.path() + "/c");
  EXPECT_THAT(lines, testing::ElementsAre(testing::AllOf(HasSubstr(folder.path() + "/c ("), HasSubstr(file + "/cache"))));
  EXPECT_NE(usage_message([&] { writable_cache({file + "/cache"}, tell); }).find("XDG_CACHE_HOME: there is no folder"),
            std::string::npos);
}

}  // namespace
}  // namespace difflm::test
