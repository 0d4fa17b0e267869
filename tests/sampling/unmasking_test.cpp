// Texts where noise hides words: revealed in any order, the same in any batch, with what is given; and what such a model refuses.
#include "difflm/sampling/unmasking.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/expect_error.h"
#include "difflm/sampling/steering.h"
#include "sampling/random_run.h"

namespace difflm::test {
namespace {

const std::string kMask = "[data]\npacking = \"block\"\n[noise]\nprocess = \"mask\"\n";

TEST(Unmasking, EveryOrderWritesTheSameTextInAnyBatch) {
  for (const auto& order : reveal_orders().names()) {
    difflm::Run run = random_run(kMask);
    SamplingOptions options = few_steps();
    options.order = order;
    options.corrections = 1;
    const auto texts = texts_of(generate(run, options, request_of(5)));
    EXPECT_EQ(texts.size(), 5) << order;
    EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(), 5) << order;
    options.batch = 2;
    EXPECT_EQ(texts_of(generate(run, options, request_of(5))), texts) << order;
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

TEST(Unmasking, RevealsAlongACosine) {
  std::vector<int64_t> expected;
  for (int step = 1; step <= 6; ++step) expected.push_back(kLength - std::lround(kLength * std::cos(M_PI / 2 * step / 6)));
  EXPECT_EQ(revealed("random", 6), expected);
  EXPECT_EQ(revealed("confidence", 6), expected);
}

TEST(Unmasking, AsManyStepsAsTokensRevealOneAtATime) {
  for (const int64_t steps : {kLength, 3 * kLength}) {
    const auto counts = revealed("random", steps);
    ASSERT_EQ(counts.size(), static_cast<size_t>(kLength)) << "and then it is done";
    for (size_t step = 0; step < counts.size(); ++step) EXPECT_EQ(counts[step], static_cast<int64_t>(step) + 1);
  }
}

TEST(Unmasking, DrawsFromWhatTheModelSays) {
  difflm::Run run = random_run(kMask);
  {
    const torch::NoGradGuard no_grad;
    for (auto& parameter : run.model->parameters()) parameter.zero_();
    Tensor bias = parameter_of(*run.model, "rounding.bias");
    bias.fill_(-30);
    bias[7] = std::log(0.6F);
    bias[8] = std::log(0.4F);
  }
  SamplingOptions options = few_steps();
  options.steps = 3;
  double seven = 0;
  double all = 0;
  for (const auto& sample : generate(run, options, request_of(300))) {
    seven += static_cast<double>(std::count(sample.tokens.begin(), sample.tokens.end(), 7));
    all += static_cast<double>(sample.tokens.size());
  }
  EXPECT_NEAR(seven / all, 0.6, 0.03);
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

TEST(Unmasking, TellsWishesTheShareThatIsHidden) {
  difflm::Run run = random_run(kMask);
  Watching wish;
  generate(run, few_steps(), request_of(4), {}, &wish);
  EXPECT_EQ(wish.levels.size(), 6U);
  EXPECT_EQ(wish.levels.front(), 1);
  for (size_t i = 0; i < wish.levels.size(); ++i) EXPECT_NEAR(wish.levels[i], wish.hidden[i], 1e-6);
}

TEST(Unmasking, LeavesATextThatIsAllGiven) {
  difflm::Run run = random_run(kMask);
  Watching wish;
  wish.all = true;
  const auto text = generate(run, few_steps(), request_of(1), {}, &wish).front();
  EXPECT_EQ(text.tokens, std::vector<Token>(text.tokens.size(), 9));
  EXPECT_EQ(text.confidence, 1);
  EXPECT_TRUE(wish.levels.empty()) << "nothing is asked";
}

TEST(Unmasking, RefusesWhatNeedsLatents) {
  difflm::Run run = random_run(kMask);
  const auto message = [&](const auto& change) {
    SamplingOptions options = few_steps();
    change(options);
    return usage_message([&] { generate(run, options, request_of(1)); });
  };
  EXPECT_NE(message([](SamplingOptions& options) { options.rounding = "nearest"; }).find("sampling.rounding"), std::string::npos);
  EXPECT_NE(message([](SamplingOptions& options) { options.clamp = "always"; }).find("sampling.clamp"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
