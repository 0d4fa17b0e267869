// Steered texts from a run: nothing changes without weight, pins are kept by every sampler, wishes add up and contradict.
#include "difflm/steering/steer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/expect_error.h"
#include "difflm/sampling/sampler.h"
#include "difflm/steering/minimum_bayes_risk.h"
#include "difflm/steering/update_rule.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

class SteerTest : public testing::Test {
 protected:
  SteerTest() {
    sampling.steps = 6;
    request.count = 5;
    request.seed = 3;
  }
  std::vector<SteeredSample> steered(const std::vector<WishSpec>& wishes, const std::string& toml = "") {
    difflm::Run run = open_run(trained_run_folder());
    if (!toml.empty()) run.config.read_toml(toml, "test.toml");
    GuideResources resources(run);
    return steer(run, resources, sampling, options, wishes, request);
  }
  std::vector<std::string> texts_of(const std::vector<SteeredSample>& all) {
    std::vector<std::string> texts;
    for (const auto& text : all) texts.push_back(text.sample.text);
    return texts;
  }

  SamplingOptions sampling;
  SteeringOptions options;
  SampleRequest request;
};

TEST_F(SteerTest, AWeightOfZeroLeavesEveryTextAsItIs) {
  difflm::Run run = open_run(trained_run_folder());
  std::vector<std::string> unsteered;
  for (const auto& sample : generate(run, sampling, request)) unsteered.push_back(sample.text);
  for (const auto& rule : update_rules().names()) {
    options.rule = rule;
    EXPECT_EQ(texts_of(steered({{"keywords", "the"}}, "[control.keywords]\nweight = 0.0\n")), unsteered) << rule;
    EXPECT_EQ(texts_of(steered({{"without", "the"}}, "[control.without]\nweight = 0.0\n")), unsteered) << rule;
  }
}

TEST_F(SteerTest, AWeightOfZeroLeavesEveryCorrectionAsItIs) {
  sampling.corrections = 1;
  sampling.improbable = 0.9;
  difflm::Run run = open_run(trained_run_folder());
  std::vector<std::string> unsteered;
  for (const auto& sample : generate(run, sampling, request)) unsteered.push_back(sample.text);
  EXPECT_EQ(texts_of(steered({{"keywords", "the"}}, "[control.keywords]\nweight = 0.0\n")), unsteered);
}

// Every word that no wish is for is drawn again, three times.
TEST_F(SteerTest, CorrectionsLoseNoWish) {
  sampling.corrections = 3;
  sampling.improbable = 1;
  request.count = 20;
  const std::vector<WishSpec> words = {{"keywords", "cafe"}, {"without", "the"}, {"length", "8..12"}};
  const auto corrected = steered(words);
  for (const auto& text : corrected) {
    for (const auto& outcome : text.outcomes) EXPECT_TRUE(*outcome.fulfilled) << text.sample.text;
  }
  for (const auto& text : steered({{"infill", "the _ cafe is _ _ ."}}))
    EXPECT_TRUE(*text.outcomes[0].fulfilled) << text.sample.text;
  // Not even one that acts at noisy levels only.
  for (const auto& text : steered({{"keywords", "cafe"}}, "[control.keywords]\nto = 0.5\n")) {
    EXPECT_TRUE(*text.outcomes[0].fulfilled) << text.sample.text;
  }
  sampling.batch = 3;
  EXPECT_EQ(texts_of(steered(words)), texts_of(corrected));
  sampling.corrections = 0;
  EXPECT_NE(texts_of(steered(words)), texts_of(corrected));
}

TEST_F(SteerTest, EveryRuleIsReproducibleInAnyBatch) {
  for (const auto& rule : update_rules().names()) {
    options.rule = rule;
    sampling.batch = 64;
    const auto all = texts_of(steered({{"keywords", "the"}, {"without", "is"}}));
    sampling.batch = 2;
    EXPECT_EQ(texts_of(steered({{"keywords", "the"}, {"without", "is"}})), all) << rule;
  }
}

TEST_F(SteerTest, PinnedWordsStandUnderEverySamplerAndClamp) {
  for (const auto& sampler : samplers().names()) {
    for (const std::string clamp : {"off", "always"}) {
      for (const double commit_threshold : {1.0, 0.5}) {
        sampling.sampler = sampler;
        sampling.clamp = clamp;
        sampling.commit_threshold = commit_threshold;
        for (const auto& text : steered({{"infill", "the _ cafe is _ _ ."}})) {
          EXPECT_TRUE(*text.outcomes[0].fulfilled) << sampler << " " << clamp << ": " << text.sample.text;
        }
      }
    }
  }
}

TEST_F(SteerTest, WordsAreHadAndAvoidedByAModelThatHasHardlyLearned) {
  request.count = 20;
  for (const auto& text : steered({{"keywords", "cafe"}, {"without", "the"}, {"length", "8..12"}})) {
    for (const auto& outcome : text.outcomes) EXPECT_TRUE(*outcome.fulfilled) << text.sample.text;
    EXPECT_TRUE(text.outcomes[0].log_probability.has_value());
    EXPECT_FALSE(text.outcomes[2].log_probability.has_value());  // a length has no energy
  }
}

// Text i is the best of the samples 8 i .. 8 i + 7: of those that fulfil the wish, the one with the highest log-probability.
TEST_F(SteerTest, TheBestOfSeveralCandidatesIsKept) {
  const std::vector<WishSpec> wishes = {{"keywords", "the"}};
  const std::string weak = "[control.keywords]\nweight = 0.05\n";
  request.count = 48;
  const auto all = steered(wishes, weak);
  request.count = 6;
  options.candidates = 8;
  const auto best = steered(wishes, weak);
  ASSERT_EQ(best.size(), 6);
  size_t not_the_first = 0;
  for (size_t i = 0; i < best.size(); ++i) {
    EXPECT_EQ(best[i].sample.index, static_cast<int64_t>(i));
    size_t expected = 8 * i;
    const auto merit = [&](size_t at) { return std::pair(*all[at].outcomes[0].fulfilled, *all[at].outcomes[0].log_probability); };
    for (size_t at = 8 * i; at < 8 * i + 8; ++at) expected = merit(at) > merit(expected) ? at : expected;
    EXPECT_EQ(best[i].sample.text, all[expected].sample.text);
    not_the_first += expected != 8 * i ? 1 : 0;
  }
  EXPECT_GT(not_the_first, 0);
}

// Where everything is pinned, it is the one that agrees most with the others.
TEST_F(SteerTest, EvaluationsAreCounted) {
  const auto cost_of = [&](const std::vector<WishSpec>& wishes, const std::string& toml = "") {
    return steered(wishes, toml).at(0).cost;
  };
  EXPECT_EQ(cost_of({{"keywords", "the"}}).network, 6);  // one per step
  EXPECT_EQ(cost_of({{"keywords", "the"}}).guides, 0);
  const std::string classifier = "[control.attribute]\nclassifier = \"" + trained_classifier_folder("classifier") + "\"\n";
  EXPECT_EQ(cost_of({{"attribute", "kind=cafe"}}, classifier).network, 6);
  EXPECT_EQ(cost_of({{"attribute", "kind=cafe"}}, classifier).guides, 6);
  EXPECT_EQ(cost_of({{"fluency", autoregressive_folder()}}).guides, 6);
  options.candidates = 3;
  EXPECT_EQ(cost_of({{"keywords", "the"}}).network, 18);
}

// A program's number: how often a text has the letter e, times two.
const WishSpec kManyEs = {"reward", "awk '{ print 2 * gsub(/e/, \"\") }'"};

double es_of(const std::vector<SteeredSample>& texts) {
  double sum = 0;
  for (const auto& text : texts) {
    const std::string& words = text.sample.text;
    const auto count = static_cast<double>(std::count(words.begin(), words.end(), 'e'));
    EXPECT_EQ(*text.outcomes.back().rating, 2 * count) << words;
    EXPECT_FALSE(text.outcomes.back().fulfilled) << "it is a matter of degree";
    sum += count;
  }
  return sum / static_cast<double>(texts.size());
}

TEST_F(SteerTest, AProgramIsAWish) {
  request.count = 12;
  options.candidates = 2;
  const std::string ignored = "[control.reward]\nweight = 0.0\n";
  EXPECT_GT(es_of(steered({kManyEs})), es_of(steered({kManyEs}, ignored))) << "the best is chosen by it";
  options.candidates = 1;
  sampling.corrections = 3;
  sampling.improbable = 1;
  const double accepted = es_of(steered({kManyEs}));
  EXPECT_GT(accepted, es_of(steered({kManyEs}, ignored)) + 0.5) << "corrections are accepted by it";
  options.candidates = 4;
  const auto chosen = steered({kManyEs});
  EXPECT_GT(es_of(chosen), accepted);
  sampling.batch = 5;
  EXPECT_EQ(texts_of(steered({kManyEs})), texts_of(chosen)) << "the same in any batch";
  for (const auto& text : steered({{"keywords", "cafe"}, {"length", "8..12"}, kManyEs})) {
    EXPECT_TRUE(*text.outcomes[0].fulfilled && *text.outcomes[1].fulfilled) << text.sample.text;
  }
}

TEST_F(SteerTest, AProgramThatCannotRateIsRefusedBeforeAnyWork) {
  const auto refused = [&](const std::string& command, const std::string& toml = "") {
    return usage_message([&] { steered({{"reward", command}}, toml); });
  };
  EXPECT_NE(refused(kManyEs.text).find("nothing to choose from"), std::string::npos);
  options.candidates = 2;
  EXPECT_NE(refused(" ").find("is empty"), std::string::npos);
  EXPECT_NE(refused("exit 7").find("ended with code 7"), std::string::npos);
  EXPECT_NE(refused("echo 1").find("has written 1 lines for 2 texts"), std::string::npos);
  EXPECT_NE(refused("sed s/.*/good/").find("line 1 of what 'sed s/.*/good/' has written is 'good'"), std::string::npos);
  EXPECT_NE(refused("sed s/.*/nan/").find("expected a finite number"), std::string::npos);
  EXPECT_NE(refused("sleep 9", "[control.reward]\nseconds = 0.1\n").find("has not ended after 0.1 seconds"), std::string::npos);
}

TEST_F(SteerTest, AmongInfillsTheOneOfMinimumBayesRiskIsKept) {
  const std::vector<WishSpec> wishes = {{"infill", "the _ _ is _ _ ."}};
  request.count = 16;
  const auto all = steered(wishes);
  request.count = 2;
  options.candidates = 8;
  const auto best = steered(wishes);
  ASSERT_EQ(best.size(), 2);
  for (size_t i = 0; i < 2; ++i) {
    std::vector<Sequence> tokens;
    for (size_t at = 8 * i; at < 8 * i + 8; ++at) tokens.push_back(all[at].sample.tokens);
    const auto agreed = agreement(tokens);
    const auto most = static_cast<size_t>(std::max_element(agreed.begin(), agreed.end()) - agreed.begin());
    EXPECT_EQ(best[i].sample.text, all[8 * i + most].sample.text);
  }
}

TEST_F(SteerTest, LengthsAreThoseOfTrainingTextsThatFulfilTheWish) {
  difflm::Run run = open_run(trained_run_folder());
  GuideResources resources(run);
  const Token called = run.tokenizer->encode("called")[0];
  std::set<size_t> lengths;
  for (const auto& text : resources.tokens()) {
    if (std::find(text.begin(), text.end(), called) != text.end()) lengths.insert(text.size());
  }
  request.count = 30;
  for (const auto& text : steered({{"keywords", "called"}})) EXPECT_TRUE(lengths.contains(text.sample.tokens.size()));
}

TEST_F(SteerTest, ObserversSeeTheWishesAndCanStop) {
  difflm::Run run = open_run(trained_run_folder());
  GuideResources resources(run);
  SteeringEvents events;
  int64_t steps = 0;
  events.on_step = [&](const SteeredSampleStep& view) {
    EXPECT_EQ(view.log_probabilities.size(), view.step.samples.size());
    for (const auto& values : view.log_probabilities) {
      EXPECT_EQ(values.size(), 2);
      EXPECT_LE(*values[0], 0);
      EXPECT_FALSE(values[1].has_value());
    }
    return ++steps < 3;
  };
  const auto texts = steer(run, resources, sampling, options, {{"keywords", "the"}, {"length", "7"}}, request, events);
  EXPECT_EQ(steps, 3);
  EXPECT_EQ(texts.size(), 5);
}

TEST_F(SteerTest, ContradictionsAreRefusedBeforeAnyWork) {
  const auto refused = [&](const std::vector<WishSpec>& wishes) {
    const Caught caught = error_of([&] { steered(wishes); });
    EXPECT_EQ(caught.kind, Error::Kind::usage);
    return caught.text;
  };
  EXPECT_NE(refused({}).find("there are none"), std::string::npos);
  EXPECT_NE(refused({{"length", "5"}, {"infill", "the _ cafe is _ _ ."}}).find("contradict"), std::string::npos);
  EXPECT_NE(refused({{"part-of-speech", "DET NOUN"}, {"length", "5"}}).find("contradict"), std::string::npos);
  EXPECT_NE(refused({{"infill", "the cafe"}, {"infill", "a cafe"}}).find("different words at place 1"), std::string::npos);
  // Gaps fall at random, so that only some of many texts contradict each other; none of them is begun.
  request.count = 200;
  EXPECT_NE(refused({{"length", "9"}, {"infill", "* the *"}, {"infill", "* cafe *"}}).find("different words at place"),
            std::string::npos);
  request.count = 5;
  EXPECT_NE(refused({{"lengths", "5"}}).find("length"), std::string::npos);
  EXPECT_NE(refused({{"keywords", "the"}, {"without", "The"}}).find("contradict"), std::string::npos);
  EXPECT_NE(refused({{"keywords", "is the ... cafe"}, {"without", "cafe"}}).find("contradict"), std::string::npos);
  EXPECT_NE(refused({{"keywords", "the cafe"}, {"length", "1"}}).find("contradict"), std::string::npos);
  EXPECT_NE(refused({{"keywords", "the"}, {"keywords", "cafe"}, {"length", "1"}}).find("contradict"), std::string::npos);
  EXPECT_NE(refused({{"keywords", "pub"}, {"infill", "the cafe is"}}).find("contradict"), std::string::npos);
  EXPECT_NE(refused({{"without", "cafe"}, {"infill", "the cafe is _"}}).find("contradict"), std::string::npos);
  // Wishes that can be reconciled are.
  for (const auto& text : steered({{"length", "5..20"}, {"infill", "* the _ cafe is _ _ ."}})) {
    for (const auto& outcome : text.outcomes) EXPECT_TRUE(*outcome.fulfilled) << text.sample.text;
  }
}

TEST_F(SteerTest, OnlyADiffusionModelCanBeSteered) {
  const TemporaryFolder folder;
  tiny_run(tiny_run_config("[model]\nkind = \"autoregressive\"\n"), folder.path() + "/run");
  difflm::Run run = open_run(folder.path() + "/run");
  GuideResources resources(run);
  const Caught caught = error_of([&] { steer(run, resources, sampling, options, {{"keywords", "the"}}, request); });
  EXPECT_NE(caught.text.find("only a diffusion model can be steered"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
