// plan.json preserves a plan, an evaluation is identified by what it evaluates, and a damaged folder is reported.
#include "difflm/comparison/experiment_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "comparison/small_results.h"
#include "core/expect_error.h"
#include "core/temporary_folder.h"

namespace difflm {
namespace {

using testing::HasSubstr;

// Every member differs from its default.
Plan full_plan() {
  Plan plan = test::small_results({{"rounding", test::variants({"nearest", "softmax"})}, {"width", test::variants({"narrow"})}},
                                  {3, -1}, {"few", "more"})
                  .plan;
  Experiment& experiment = plan.experiment;
  experiment.question = "is 1 < 2, \"quoted\", größer?\nand a second line";
  experiment.base = {"small", "train.steps=10"};
  experiment.samples = 77;
  experiment.metrics = {"rep_n", "mauve"};
  experiment.allow_unequal = "it is about steps";
  experiment.smoke = {"train.steps=1"};
  experiment.last_overrides = {"train.steps=2"};
  experiment.contrasts = {
      {"main", {{"rounding", "softmax"}, {kSampling, "few"}}, {{"rounding", "nearest"}, {kSampling, "more"}}, "mauve"},
      {"steps", {{kSampling, "few"}}, {{kSampling, "more"}}, "rep_n"}};
  plan.code = "0.4.0-1";
  plan.runs.front().config.read_toml("a.list = [\"x\", \"y\"]\na.real = 0.1\na.flag = true\n", "default");
  return plan;
}

void expect_equal(const std::vector<Variant>& found, const std::vector<Variant>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].name, expected[i].name);
    EXPECT_EQ(found[i].overrides, expected[i].overrides);
  }
}

TEST(ExperimentFolder, APlanComesBackWhole) {
  const test::TemporaryFolder temporary;
  const ExperimentFolder folder(temporary.file("new/folder"));
  const Plan plan = full_plan();
  folder.write(plan);
  const Plan found = folder.read();
  const Experiment& experiment = found.experiment;
  EXPECT_EQ(found.code, plan.code);
  EXPECT_EQ(experiment.question, plan.experiment.question);
  EXPECT_EQ(experiment.base, plan.experiment.base);
  EXPECT_EQ(experiment.seeds, plan.experiment.seeds);
  EXPECT_EQ(experiment.samples, 77);
  EXPECT_EQ(experiment.metrics, plan.experiment.metrics);
  EXPECT_EQ(experiment.allow_unequal, plan.experiment.allow_unequal);
  EXPECT_EQ(experiment.smoke, plan.experiment.smoke);
  EXPECT_EQ(experiment.last_overrides, plan.experiment.last_overrides);
  expect_equal(experiment.samplings, plan.experiment.samplings);
  ASSERT_EQ(experiment.axes.size(), 2U);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(experiment.axes[i].name, plan.experiment.axes[i].name);
    expect_equal(experiment.axes[i].variants, plan.experiment.axes[i].variants);
  }
  ASSERT_EQ(experiment.contrasts.size(), 2U);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(experiment.contrasts[i].name, plan.experiment.contrasts[i].name);
    EXPECT_EQ(experiment.contrasts[i].first, plan.experiment.contrasts[i].first);
    EXPECT_EQ(experiment.contrasts[i].second, plan.experiment.contrasts[i].second);
    EXPECT_EQ(experiment.contrasts[i].metric, plan.experiment.contrasts[i].metric);
  }
  ASSERT_EQ(found.runs.size(), 4U);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(found.runs[i].address, plan.runs[i].address);
    EXPECT_EQ(found.runs[i].choice, plan.runs[i].choice);
    EXPECT_EQ(found.runs[i].seed, plan.runs[i].seed);
    EXPECT_EQ(found.runs[i].config.to_toml(), plan.runs[i].config.to_toml());
  }
}

TEST(ExperimentFolder, AnEvaluationIsKnownByWhatItIsOf) {
  const ExperimentFolder folder("out");
  const Plan plan = full_plan();
  const auto path = [&](const Experiment& experiment) {
    return folder.evaluation(plan.runs[0], experiment, experiment.samplings[0]);
  };
  const std::string expected = path(plan.experiment);
  EXPECT_THAT(expected, HasSubstr("out/runs/" + plan.runs[0].address + "/few-"));
  EXPECT_EQ(folder.texts(plan.runs[0], plan.experiment, plan.experiment.samplings[0]), expected + "l");

  Experiment other = plan.experiment;
  other.question = "anything else?";
  other.contrasts.clear();
  EXPECT_EQ(path(other), expected);
  other = plan.experiment;
  other.samplings[0].overrides.push_back("sampling.steps=9");
  EXPECT_NE(path(other), expected);
  other = plan.experiment;
  other.samples = 78;
  EXPECT_NE(path(other), expected);
  other = plan.experiment;
  other.metrics.pop_back();
  EXPECT_NE(path(other), expected);
}

TEST(ExperimentFolder, ARunIsDoneWithEverySettingAndNoEmptyFile) {
  const test::TemporaryFolder temporary;
  const ExperimentFolder folder(temporary.path());
  const Plan plan = full_plan();
  folder.write(plan);
  const auto& run = plan.runs[0];
  const auto evaluation = [&](size_t i) {
    return "runs/" + run.address + "/" +
           std::filesystem::path(folder.evaluation(run, plan.experiment, plan.experiment.samplings[i])).filename().string();
  };
  EXPECT_FALSE(folder.is_done(run, plan.experiment));
  temporary.write(evaluation(0), "{}");
  EXPECT_FALSE(folder.is_done(run, plan.experiment));
  temporary.write(evaluation(1), "");
  EXPECT_FALSE(folder.is_done(run, plan.experiment));
  temporary.write(evaluation(1), "{}");
  EXPECT_TRUE(folder.is_done(run, plan.experiment));
  EXPECT_FALSE(folder.is_done(plan.runs[1], plan.experiment));
}

TEST(ExperimentFolder, MissingIsAUsageErrorDamagedAFailure) {
  const test::TemporaryFolder temporary;
  const ExperimentFolder folder(temporary.path());
  const auto read = [&] { folder.read(); };
  EXPECT_THAT(test::usage_message(read), HasSubstr("has no plan.json"));
  folder.write(full_plan());
  const std::string whole = temporary.read("plan.json");
  for (const std::string& damaged : {std::string(), whole.substr(0, whole.size() / 2), std::string("[1, 2]"), std::string("{}")}) {
    temporary.write("plan.json", damaged);
    EXPECT_THAT(test::failure_message(read), HasSubstr("plan.json: is damaged")) << damaged;
  }
}

}  // namespace
}  // namespace difflm
