// Texts where noise replaces words: shown in any order, the same in any batch, with what is given; and what such a model refuses.
#include "difflm/sampling/word_denoising.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/expect_error.h"
#include "difflm/sampling/steering.h"
#include "sampling/random_run.h"

namespace difflm::test {
namespace {

std::string with_noise(const std::string& process) {
  return "[data]\npacking = \"block\"\n[noise]\nschedule = \"log-linear\"\nprocess = \"" + process + "\"\n";
}

const std::string kMask = with_noise("mask");
const std::vector<std::string> kReplacing = {"mask", "uniform", "mixed"};

TEST(WordDenoising, EveryOrderWritesTheSameTextInAnyBatch) {
  for (const auto& process : kReplacing) {
    for (const auto& order : reveal_orders().names()) {
      SCOPED_TRACE(process + ", " + order);
      difflm::Run run = random_run(with_noise(process) + "[model.logits]\nskip = false\n");
      SamplingOptions options = few_steps();
      options.order = order;
      options.temperature = 3;
      options.corrections = 1;
      options.remask = process == "mask" ? 0.05 : 0;
      const auto texts = texts_of(generate(run, options, request_of(5)));
      EXPECT_EQ(texts.size(), 5);
      EXPECT_GT(std::set<std::string>(texts.begin(), texts.end()).size(), 3U);
      options.batch = 2;
      EXPECT_EQ(texts_of(generate(run, options, request_of(5))), texts);
    }
  }
}

// The states of the first text's tokens after each step.
std::vector<int64_t> revealed(const std::string& order, int64_t steps) {
  difflm::Run run = random_run(kMask);
  SamplingOptions options = few_steps();
  options.order = order;
  options.steps = steps;
  std::vector<int64_t> counts;
  std::vector<Token> before(kLength, -1);
  SampleEvents events;
  events.on_step = [&](const SampleStep& step) {
    const auto text = step.texts().front();
    counts.push_back(std::count(text.states.begin(), text.states.end(), TokenState::committed));
    for (size_t i = 0; i < text.tokens.size(); ++i) {
      if (before[i] >= 0) {
        EXPECT_EQ(text.tokens[i], before[i]) << "what is revealed stays";
      }
      before[i] = text.states[i] == TokenState::committed ? text.tokens[i] : -1;
    }
    return true;
  };
  generate(run, options, request_of(1), events);
  return counts;
}

TEST(WordDenoising, RevealsAlongACosine) {
  std::vector<int64_t> expected;
  for (int step = 1; step <= 6; ++step) expected.push_back(kLength - std::lround(kLength * std::cos(M_PI / 2 * step / 6)));
  EXPECT_EQ(revealed("random", 6), expected);
  EXPECT_EQ(revealed("confidence", 6), expected);
}

TEST(WordDenoising, AsManyStepsAsTokensRevealOneAtATime) {
  for (const int64_t steps : {kLength, 3 * kLength}) {
    const auto counts = revealed("random", steps);
    ASSERT_EQ(counts.size(), static_cast<size_t>(kLength)) << "and then it is done";
    for (size_t step = 0; step < counts.size(); ++step) EXPECT_EQ(counts[step], static_cast<int64_t>(step) + 1);
  }
}

// The share of token 7 in texts of a model that believes in it with 0.6 everywhere, and in 8 with 0.4.
double share_of_seven(const std::string& process, const SamplingOptions& options) {
  difflm::Run run = random_run(with_noise(process) + "[model.logits]\nskip = false\n");
  {
    const torch::NoGradGuard no_grad;
    for (auto& parameter : run.model->parameters()) parameter.zero_();
    Tensor bias = parameter_of(*run.model, "rounding.bias");
    bias.fill_(-30);
    bias[7] = std::log(0.6F);
    bias[8] = std::log(0.4F);
  }
  double seven = 0;
  double all = 0;
  for (const auto& sample : generate(run, options, request_of(300))) {
    seven += static_cast<double>(std::count(sample.tokens.begin(), sample.tokens.end(), 7));
    all += static_cast<double>(sample.tokens.size());
  }
  return seven / all;
}

TEST(WordDenoising, DrawsFromWhatTheModelSays) {
  SamplingOptions options = few_steps();
  options.steps = 3;
  for (const auto& process : kReplacing) EXPECT_NEAR(share_of_seven(process, options), 0.6, 0.03) << process;
  options.top_p = 0.5;
  for (const auto& process : kReplacing) EXPECT_EQ(share_of_seven(process, options), 1) << process;
}

TEST(WordDenoising, RemaskedWordsAreDrawnAgainAndAllAreShownInTheEnd) {
  difflm::Run run = random_run(kMask);
  SamplingOptions options = few_steps();
  options.remask = 0.5;
  std::vector<Token> before;
  int64_t changed = 0;
  SampleEvents events;
  events.on_step = [&](const SampleStep& step) {
    const auto text = step.texts().front();
    const auto shown = std::count(text.states.begin(), text.states.end(), TokenState::committed);
    EXPECT_EQ(shown, kLength - (step.index == 5 ? 0 : std::lround(kLength * std::cos(M_PI / 2 * (step.index + 1.0) / 6))));
    for (size_t i = 0; i < before.size(); ++i) {
      changed += before[i] >= 0 && text.states[i] == TokenState::committed && text.tokens[i] != before[i];
    }
    before.assign(text.tokens.size(), -1);
    for (size_t i = 0; i < text.tokens.size(); ++i) {
      if (text.states[i] == TokenState::committed) before[i] = text.tokens[i];
    }
    return true;
  };
  generate(run, options, request_of(1), events);
  EXPECT_GT(changed, 0);
}

// The second block begins with the end of the first, which stays.
TEST(WordDenoising, LongTextsAreWrittenBlockByBlock) {
  for (const auto& process : kReplacing) {
    difflm::Run run = random_run(with_noise(process));
    forbid_special_tokens(run);
    std::vector<Token> first;
    SampleEvents events;
    events.on_step = [&](const SampleStep& step) {
      const auto text = step.texts().front();
      if (step.index == 5) first = text.tokens;
      return true;
    };
    SampleRequest request = request_of(1);
    request.length = kLength + 4;
    const auto text = generate(run, few_steps(), request, events).front();
    ASSERT_EQ(first.size(), static_cast<size_t>(kLength)) << process;
    EXPECT_TRUE(std::equal(first.begin(), first.end(), text.tokens.begin())) << process;
    EXPECT_GT(text.tokens.size(), first.size());
  }
}

// Remembers the level and the given tokens of each estimate.
struct Watching : Steering {
  bool guides_logits() const override { return true; }
  Tensor guide_logits(const SteeredEstimate& estimate) override {
    levels.push_back(estimate.u);
    hidden.push_back(1 - estimate.given.mean().item<double>());
    return {};
  }
  Sequence pins(int64_t, int64_t length) override {
    Sequence tokens(static_cast<size_t>(length), -1);
    if (all) std::fill(tokens.begin(), tokens.end(), 9);
    return tokens;
  }
  std::vector<double> levels;
  std::vector<double> hidden;
  bool all = false;
};

TEST(WordDenoising, TellsWishesTheShareThatIsHidden) {
  difflm::Run run = random_run(kMask);
  Watching wish;
  generate(run, few_steps(), request_of(4), {}, &wish);
  EXPECT_EQ(wish.levels.size(), 6U);
  EXPECT_EQ(wish.levels.front(), 1);
  for (size_t i = 0; i < wish.levels.size(); ++i) EXPECT_NEAR(wish.levels[i], wish.hidden[i], 1e-6);
}

TEST(WordDenoising, LeavesATextThatIsAllGiven) {
  difflm::Run run = random_run(kMask);
  Watching wish;
  wish.all = true;
  const auto text = generate(run, few_steps(), request_of(1), {}, &wish).front();
  EXPECT_EQ(text.tokens, std::vector<Token>(text.tokens.size(), 9));
  EXPECT_EQ(text.confidence, 1);
  EXPECT_TRUE(wish.levels.empty()) << "nothing is asked";
}

TEST(WordDenoising, RefusesWhatNeedsLatents) {
  difflm::Run run = random_run(kMask);
  const auto message = [&](const auto& change) {
    SamplingOptions options = few_steps();
    change(options);
    return usage_message([&] { generate(run, options, request_of(1)); });
  };
  EXPECT_NE(message([](SamplingOptions& options) { options.rounding = "nearest"; }).find("sampling.rounding"), std::string::npos);
  EXPECT_NE(message([](SamplingOptions& options) { options.clamp = "always"; }).find("sampling.clamp"), std::string::npos);
  for (const std::string process : {"gaussian", "uniform", "mixed"}) {
    difflm::Run other = random_run(with_noise(process));
    SamplingOptions options = few_steps();
    options.remask = 0.1;
    EXPECT_NE(usage_message([&] { generate(other, options, request_of(1)); }).find("sampling.remask"), std::string::npos)
        << process;
  }
}

}  // namespace
}  // namespace difflm::test
