// Steered texts from a run: nothing changes without weight, pins stand under every sampler, wishes add up and contradict.
#include "difflm/control/control.h"

#include <gtest/gtest.h>

#include "control/trained_run.h"
#include "core/expect_error.h"
#include "difflm/control/update_rule.h"
#include "difflm/sampling/sampler.h"

namespace difflm::test {
namespace {

class ControlTest : public testing::Test {
 protected:
  ControlTest() {
    sampling.steps = 6;
    request.count = 5;
    request.seed = 3;
  }
  std::vector<ControlledText> steered(const std::vector<Wish>& wishes, const std::string& toml = "") {
    difflm::Run run = open_run(trained_run_folder());
    if (!toml.empty()) run.config.read_toml(toml, "test.toml");
    TrainingTexts training(run);
    return control(run, training, sampling, options, wishes, request);
  }
  std::vector<std::string> texts_of(const std::vector<ControlledText>& all) {
    std::vector<std::string> texts;
    for (const auto& text : all) texts.push_back(text.sample.text);
    return texts;
  }

  SamplingOptions sampling;
  ControlOptions options;
  SampleRequest request;
};

TEST_F(ControlTest, AWeightOfZeroLeavesEveryTextAsItIs) {
  difflm::Run run = open_run(trained_run_folder());
  std::vector<std::string> unsteered;
  for (const auto& sample : generate(run, sampling, request)) unsteered.push_back(sample.text);
  for (const auto& rule : update_rules().names()) {
    options.rule = rule;
    EXPECT_EQ(texts_of(steered({{"keywords", "the"}}, "[control.keywords]\nweight = 0.0\n")), unsteered) << rule;
    EXPECT_EQ(texts_of(steered({{"without", "the"}}, "[control.without]\nweight = 0.0\n")), unsteered) << rule;
  }
}

TEST_F(ControlTest, EveryRuleIsReproducibleInAnyBatch) {
  for (const auto& rule : update_rules().names()) {
    options.rule = rule;
    sampling.batch = 64;
    const auto all = texts_of(steered({{"keywords", "the"}, {"without", "is"}}));
    sampling.batch = 2;
    EXPECT_EQ(texts_of(steered({{"keywords", "the"}, {"without", "is"}})), all) << rule;
  }
}

TEST_F(ControlTest, PinnedWordsStandUnderEverySamplerAndClamp) {
  for (const auto& sampler : samplers().names()) {
    for (const std::string clamp : {"off", "always"}) {
      for (const double settle : {1.0, 0.5}) {
        sampling.sampler = sampler;
        sampling.clamp = clamp;
        sampling.settle = settle;
        for (const auto& text : steered({{"infill", "the _ cafe is _ _ ."}})) {
          EXPECT_TRUE(*text.outcomes[0].holds) << sampler << " " << clamp << ": " << text.sample.text;
        }
      }
    }
  }
}

TEST_F(ControlTest, WordsAreHadAndAvoidedByAModelThatHasHardlyLearned) {
  request.count = 20;
  for (const auto& text : steered({{"keywords", "cafe"}, {"without", "the"}, {"length", "8..12"}})) {
    for (const auto& outcome : text.outcomes) EXPECT_TRUE(*outcome.holds) << text.sample.text;
    EXPECT_TRUE(text.outcomes[0].log_probability.has_value());
    EXPECT_FALSE(text.outcomes[2].log_probability.has_value());  // a length has no energy
  }
}

TEST_F(ControlTest, TheBestOfSeveralCandidatesIsKept) {
  request.count = 6;
  const std::string weak = "[control.keywords]\nweight = 0.05\n";
  const auto holding = [](const std::vector<ControlledText>& all) {
    return std::count_if(all.begin(), all.end(), [](const auto& text) { return *text.outcomes[0].holds; });
  };
  const auto single = steered({{"keywords", "because"}}, weak);
  options.candidates = 8;
  const auto best = steered({{"keywords", "because"}}, weak);
  ASSERT_EQ(best.size(), 6);
  for (size_t i = 0; i < best.size(); ++i) EXPECT_EQ(best[i].sample.index, static_cast<int64_t>(i));
  EXPECT_GE(holding(best), holding(single));
}

TEST_F(ControlTest, ObserversSeeTheWishesAndCanStop) {
  difflm::Run run = open_run(trained_run_folder());
  TrainingTexts training(run);
  ControlEvents events;
  int64_t steps = 0;
  events.on_step = [&](const ControlStep& view) {
    EXPECT_EQ(view.log_probabilities.size(), view.step.samples.size());
    for (const auto& values : view.log_probabilities) {
      EXPECT_EQ(values.size(), 2);
      EXPECT_LE(*values[0], 0);
      EXPECT_FALSE(values[1].has_value());
    }
    return ++steps < 3;
  };
  const auto texts = control(run, training, sampling, options, {{"keywords", "the"}, {"length", "7"}}, request, events);
  EXPECT_EQ(steps, 3);
  EXPECT_EQ(texts.size(), 5);
}

TEST_F(ControlTest, ContradictionsAreRefusedBeforeAnyWork) {
  const auto refused = [&](const std::vector<Wish>& wishes) {
    const Caught caught = error_of([&] { steered(wishes); });
    EXPECT_EQ(caught.kind, Error::Kind::usage);
    return caught.text;
  };
  EXPECT_NE(refused({}).find("there are none"), std::string::npos);
  EXPECT_NE(refused({{"length", "5"}, {"infill", "the _ cafe is _ _ ."}}).find("contradict"), std::string::npos);
  EXPECT_NE(refused({{"part-of-speech", "DET NOUN"}, {"length", "5"}}).find("contradict"), std::string::npos);
  EXPECT_NE(refused({{"infill", "the cafe"}, {"infill", "a cafe"}}).find("different words at place 1"), std::string::npos);
  EXPECT_NE(refused({{"lengths", "5"}}).find("length"), std::string::npos);
  // What can be reconciled is.
  for (const auto& text : steered({{"length", "5..20"}, {"infill", "* the _ cafe is _ _ ."}})) {
    for (const auto& outcome : text.outcomes) EXPECT_TRUE(*outcome.holds) << text.sample.text;
  }
}

TEST_F(ControlTest, OnlyADiffusionModelCanBeSteered) {
  const TemporaryFolder folder;
  tiny_run(tiny_run_config("[model]\nkind = \"autoregressive\"\n"), folder.path() + "/run");
  difflm::Run run = open_run(folder.path() + "/run");
  TrainingTexts training(run);
  const Caught caught = error_of([&] { control(run, training, sampling, options, {{"keywords", "the"}}, request); });
  EXPECT_NE(caught.text.find("only a diffusion model can be steered"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
