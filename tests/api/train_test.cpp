// Training through the public interface: what its callbacks are told, stopping and going on, and what is refused.
#include <gtest/gtest.h>

#include "core/temporary_folder.h"
#include "difflm/difflm.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

TrainRequest tiny(const std::string& folder) {
  return {.folder = folder, .toml = tiny_run_config("[train]\nsteps = 8\nsample_every = 4\n").to_toml()};
}

TEST(Train, makes_a_run_and_tells_how_it_goes) {
  const TemporaryFolder folder;
  const std::string run = folder.path() + "/deep/run";
  TrainRequest request = tiny(run);
  std::vector<TrainingStep> steps;
  std::vector<Validation> validations;
  std::vector<size_t> samples;
  std::vector<std::string> messages;
  request.on_step = [&](const TrainingStep& step) {
    steps.push_back(step);
    return true;
  };
  request.on_validation = [&](const Validation& validation) { validations.push_back(validation); };
  request.on_sample = [&](int64_t, const std::vector<std::string>& texts) { samples.push_back(texts.size()); };
  request.on_message = [&](const std::string& message) { messages.push_back(message); };
  const Training done = train(request);
  EXPECT_EQ(done.end, Training::End::finished);
  EXPECT_EQ(done.steps, 8);
  EXPECT_GT(done.tokens, 0);
  ASSERT_EQ(steps.size(), 8);
  EXPECT_EQ(steps[3].step, 4);
  EXPECT_EQ(steps[3].steps, 8);
  EXPECT_EQ(steps[3].share, 0.5);
  EXPECT_GT(steps[3].loss, 0);
  EXPECT_GT(steps[3].tokens_per_second, 0);
  EXPECT_EQ(validations.size(), 2);  // after 5 steps, and at the end
  EXPECT_EQ(validations.back().step, 8);
  EXPECT_EQ(validations.back().loss < validations.front().loss ? validations.back().step : validations.front().step,
            done.best_step);
  EXPECT_EQ(samples, (std::vector<size_t>{4, 4}));
  EXPECT_TRUE(std::filesystem::exists(run + "/samples/step-0000004.txt"));
  EXPECT_NE(messages.at(0).find("texts to train on"), std::string::npos);
  EXPECT_EQ(describe(run).steps, 8);
}

TEST(Train, says_where_the_run_will_be_before_it_is_there) {
  const TemporaryFolder folder;
  const std::string run = folder.path() + "/run";
  TrainRequest request = tiny(run);
  request.on_folder = [&](const std::string& where) {
    EXPECT_EQ(where, run);
    EXPECT_FALSE(std::filesystem::exists(run));
    throw std::logic_error("mine");
  };
  EXPECT_THROW(train(request), std::logic_error);
  EXPECT_FALSE(std::filesystem::exists(run));
}

TEST(Train, stops_when_told_and_goes_on_to_the_same_weights) {
  const TemporaryFolder folder;
  const std::string whole = folder.path() + "/whole";
  const std::string parts = folder.path() + "/parts";
  train(tiny(whole));

  TrainRequest request = tiny(parts);
  request.on_step = [](const TrainingStep& step) { return step.step < 3; };
  const Training stopped = train(request);
  EXPECT_EQ(stopped.end, Training::End::stopped);
  EXPECT_EQ(stopped.steps, 3);
  EXPECT_FALSE(describe(parts).finished);

  std::vector<std::string> messages;
  const Training done = train({.folder = parts, .on_message = [&](const std::string& message) {
                                 messages.push_back(message);
                               }});  // by its own configuration
  EXPECT_EQ(done.end, Training::End::finished);
  EXPECT_EQ(done.steps, 8);
  EXPECT_EQ(messages.back(), "resuming from the checkpoint in " + parts);
  const std::string weights = "/checkpoint/model.safetensors";
  EXPECT_EQ(folder.read("parts" + weights), folder.read("whole" + weights));
}

TEST(Train, saves_before_what_a_callback_throws_arrives) {
  const TemporaryFolder folder;
  TrainRequest request = tiny(folder.path() + "/run");
  request.on_validation = [](const Validation&) { throw std::logic_error("mine"); };
  try {
    train(request);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(error.what(), "mine");
  }
  EXPECT_EQ(describe(folder.path() + "/run").steps, 5);  // that of the validation
}

TEST(Train, reads_presets_files_text_and_settings_the_later_the_stronger) {
  const TemporaryFolder folder;
  TrainRequest request = tiny(folder.path() + "/run");
  request.configs = {"difflm", folder.write("own.toml", "[train]\nsteps = 2\nbatch = 2\nema = 0.5\n")};
  request.toml = tiny_run_config("[train]\nbatch = 3\n").to_toml();
  request.settings = {"train.steps=1"};
  EXPECT_EQ(train(request).steps, 1);
  const std::string configuration = describe(request.folder).configuration;
  EXPECT_NE(configuration.find("optimizer = \"muon\""), std::string::npos) << configuration;
  EXPECT_NE(configuration.find("ema = 0.5"), std::string::npos);
  EXPECT_NE(configuration.find("batch = 3"), std::string::npos);
}

TEST(Train, writes_nothing_for_a_wrong_configuration) {
  const TemporaryFolder folder;
  const std::string run = folder.path() + "/run";
  TrainRequest request = tiny(run);
  request.settings = {"train.stesp=3"};
  EXPECT_THROW(train(request), RunError);
  request.settings = {};
  request.configs = {"diflm"};
  try {
    train(request);
    ADD_FAILURE() << "a misspelt preset was taken";
  } catch (const RunError& error) {
    EXPECT_EQ(error.where(), "configs");
    EXPECT_EQ(error.hint(), "did you mean 'difflm'?");
  }
  EXPECT_FALSE(std::filesystem::exists(run));

  train(tiny(run));
  request = tiny(run);
  request.settings = {"model.transformer.width=32"};
  EXPECT_THROW(train(request), RunError);  // another model than the run's
}

}  // namespace
}  // namespace difflm::test
