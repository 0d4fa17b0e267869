// A run that is continued keeps its vocabulary and its texts: what has changed meanwhile is refused, and no file is touched.
#include "difflm/training/continued_run.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

std::string farm_lines(int from, int to) {
  static const char* const kAnimals[] = {"fox", "hen", "owl", "cat", "dog", "bee", "elk"};
  std::string text;
  for (int i = from; i < to; ++i)
    text += fmt::format("the {} sees the {} number {} of the farm\n", kAnimals[i % 7], kAnimals[i * 3 % 5], i);
  return text;
}

class ContinuedRunTest : public testing::TestWithParam<std::string> {
 protected:
  ContinuedRunTest() { folder_.write("corpus.txt", farm_lines(0, 120)); }

  // Of `steps` steps on corpus.txt; `toml` comes on top.
  Config config(int64_t steps, const std::string& toml = "") const {
    Config result = tiny_run_config(
        fmt::format("[data]\ncorpus = \"txt\"\npath = \"{}\"\ntokenizer = \"{}\"\npacking = \"pad\"\n[data.bpe]\nvocab_size = 270\n"
                    "[train]\nsteps = {}\n",
                    folder_.file("corpus.txt"), GetParam(), steps));
    result.read_toml(toml, "test.toml");
    return result;
  }

  TrainOutcome train_in(const std::string& name, const Config& config) {
    fs::create_directories(folder_.file(name));
    said_.clear();
    return train(set_up_run(config, folder_.file(name), [&](const std::string& line) { said_ += line + "\n"; }), {});
  }

  // Every file of a run with its content.
  std::map<std::string, std::string> files(const std::string& name) const {
    std::map<std::string, std::string> result;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.file(name)))
      if (entry.is_regular_file()) result[entry.path().string()] = read_text_file(entry.path().string());
    return result;
  }

  void expect_same_weights(const std::string& a, const std::string& b) const {
    const std::string weights = "/checkpoint/model.safetensors";
    EXPECT_EQ(folder_.read(a + weights), folder_.read(b + weights)) << a << " and " << b;
  }

  TemporaryFolder folder_;
  std::string said_;
};

TEST_P(ContinuedRunTest, RefusesOtherTextsWhereItsOwnAreGone) {
  train_in("run", config(4));
  fs::remove_all(folder_.file("run/data"));
  folder_.write("corpus.txt", farm_lines(0, 120) + "zebras and yaks\n" + farm_lines(120, 200));
  const auto before = files("run");
  EXPECT_THAT(usage_message([&] { train_in("run", config(8)); }),
              AllOf(HasSubstr("data.path"), HasSubstr("other texts"), HasSubstr("train.start=" + folder_.file("run"))));
  EXPECT_EQ(files("run"), before);
  EXPECT_EQ(open_run(folder_.file("run")).progress.step, 4);
}

TEST_P(ContinuedRunTest, ReadsItsOwnTextsAgainAndGoesOnAsIfNothingHadHappened) {
  train_in("whole", config(8));
  train_in("run", config(4));
  const auto before = files("run");
  fs::remove_all(folder_.file("run/data"));
  train_in("run", config(8));
  EXPECT_THAT(said_, HasSubstr("the corpus is read again, with the vocabulary of the run"));
  expect_same_weights("whole", "run");
  for (const std::string name : {"run/tokenizer.json", "run/data.json", "run/data/tokenizer.json", "run/data/train.bin"})
    EXPECT_EQ(folder_.read(name), before.at(folder_.file(name))) << name;
}

TEST_P(ContinuedRunTest, SaysThatTheFileHasChangedAndGoesOnWithItsOwnTexts) {
  train_in("whole", config(8));
  train_in("run", config(4));
  EXPECT_EQ(said_.find("changed"), std::string::npos) << said_;
  const std::string facts = folder_.read("run/data.json");
  folder_.write("corpus.txt", farm_lines(0, 200));
  train_in("run", config(8));
  EXPECT_THAT(said_, AllOf(HasSubstr("corpus.txt has changed"), HasSubstr("train.start=" + folder_.file("run"))));
  EXPECT_EQ(folder_.read("run/data.json"), facts);
  expect_same_weights("whole", "run");
}

// Nothing was learned yet, so nothing is lost.
TEST_P(ContinuedRunTest, BeforeTheFirstCheckpointAChangedFileIsReadAgain) {
  fs::create_directories(folder_.file("run"));
  set_up_run(config(4), folder_.file("run"), [](const std::string&) {});
  folder_.write("corpus.txt", farm_lines(0, 200));
  train_in("run", config(4));
  EXPECT_EQ(read_corpus_facts(folder_.file("run/data.json")).training.documents +
                read_corpus_facts(folder_.file("run/data.json")).validation.documents,
            200);
}

TEST_P(ContinuedRunTest, RefusesAPreparedCorpusThatWasPreparedAnew) {
  const auto prepare = [&](const std::string& toml) {
    const Config asked = config(1, toml);
    prepare_data(read_options<DataOptions>(asked, "data"), asked, folder_.file("prepared"));
  };
  const auto from_prepared = [&](int64_t steps) {
    return config(steps, fmt::format("[data]\nprepared = \"{}\"\n", folder_.file("prepared")));
  };
  prepare("");
  train_in("run", from_prepared(4));
  const auto before = files("run");

  folder_.write("corpus.txt", farm_lines(0, 200));
  prepare("");
  EXPECT_THAT(usage_message([&] { train_in("run", from_prepared(8)); }),
              AllOf(HasSubstr("data.prepared"), HasSubstr("other texts")));
  EXPECT_EQ(files("run"), before);

  folder_.write("corpus.txt", farm_lines(0, 120));
  prepare("[data.word]\nmin_count = 2\n[data.bpe]\nvocab_size = 265\n");
  EXPECT_THAT(usage_message([&] { train_in("run", from_prepared(8)); }),
              AllOf(HasSubstr("data.prepared"), HasSubstr("another vocabulary")));
  EXPECT_EQ(files("run"), before);

  prepare("");
  EXPECT_EQ(train_in("run", from_prepared(8)).progress.step, 8);
}

// data.json had no hash at first.
TEST_P(ContinuedRunTest, ARunOfAnOlderVersionGoesOn) {
  train_in("run", config(4));
  for (const std::string name : {"run/data.json", "run/data/data.json"}) {
    Json facts = parse_json(folder_.read(name));
    facts.erase("hash");
    facts.erase("vocabulary");
    write_text(folder_.file(name), to_text(facts));
  }
  EXPECT_EQ(train_in("run", config(8)).progress.step, 8);
}

TEST_P(ContinuedRunTest, WhatBelongsToTheCheckpointIsNotMadeAnew) {
  train_in("run", config(4));
  for (const std::string name : {"config.toml", "tokenizer.json", "data.json"}) {
    const std::string path = folder_.file("run/" + name);
    fs::rename(path, path + ".away");
    const auto before = files("run");
    EXPECT_THAT(failure_message([&] { train_in("run", config(8)); }), HasSubstr(name + ": is missing"));
    EXPECT_EQ(files("run"), before);
    fs::rename(path + ".away", path);
  }
}

// The configuration would be saved with it, and the run could not be resumed by its folder alone.
TEST_P(ContinuedRunTest, NoBudgetIsRefusedBeforeAnythingIsRead) {
  train_in("run", config(4));
  const auto before = files("run");
  EXPECT_THAT(usage_message([&] { train_in("run", config(0)); }), HasSubstr("no budget"));
  EXPECT_EQ(files("run"), before);
  EXPECT_THAT(usage_message([&] { train_in("new", config(0)); }), HasSubstr("no budget"));
  EXPECT_TRUE(files("new").empty());
}

TEST_P(ContinuedRunTest, AnotherSplitIsRefused) {
  train_in("run", config(4));
  const ContinuedRun run(folder_.file("run"));
  CorpusFacts other = run.facts();
  run.check_texts(other, "here");
  other.training.documents -= 1;
  EXPECT_THAT(usage_message([&] { run.check_texts(other, "here"); }), HasSubstr("here: "));
}

INSTANTIATE_TEST_SUITE_P(Tokenizers, ContinuedRunTest, testing::Values("word", "bpe"));

}  // namespace
}  // namespace difflm::test
