// The guided denoiser against the model alone: what is given, what a steering and bigrams do to the logits, labels, temperature.
#include "difflm/sampling/guided_denoiser.h"

#include <gtest/gtest.h>

#include "sampling/random_run.h"

namespace difflm::test {
namespace {

constexpr int64_t kRows = 3;
constexpr int64_t kTokens = 5;
constexpr double kLevel = 0.6;

// Guides towards token 7, moves latents by 1, and remembers what it was shown.
class SevenWish : public Steering {
 public:
  bool guides_logits() const override { return true; }
  Tensor guide_logits(const SteeredEstimate& estimate) override {
    believed = estimate.probabilities;
    given = estimate.given;
    Tensor guidance = torch::zeros_like(estimate.probabilities);
    guidance.select(-1, 7).fill_(2);
    return guidance;
  }
  bool guides_latents() const override { return moves; }
  Tensor guide_latents(const SteeredStep& step) override {
    given = step.given;
    return step.x + 1;
  }
  Condition condition() const override { return labels; }

  bool moves = false;
  Condition labels;
  Tensor believed;
  Tensor given;
};

class GuidedDenoiserTest : public testing::Test {
 protected:
  explicit GuidedDenoiserTest(const std::string& toml = "") : run_(random_run(toml)) { torch::manual_seed(4); }

  // The estimate of the model for `x` with tokens of the draft given.
  Estimate model_alone(const Tensor& x, double temperature = 1, const DenoiseInput& conditions = {}) {
    DenoiseInput input = conditions;
    input.x_t = torch::where(draft_.committed().unsqueeze(-1), table_[9], x);
    input.u = torch::full({kRows}, kLevel, torch::kFloat64);
    input.self_condition = before_;
    input.given = draft_.committed().to(torch::kFloat32);
    return model_.estimate(input, table_, temperature);
  }

  const torch::NoGradGuard no_grad_;
  difflm::Run run_;
  DiffusionModel& model_ = dynamic_cast<DiffusionModel&>(*run_.model);
  Tensor table_ = model_.table();
  Draft draft_{run_, {0, 1, 2}, kTokens, table_};
  Tensor x_ = torch::randn({kRows, kTokens, table_.size(1)});
  Tensor before_ = torch::randn({kRows, kTokens, table_.size(1)});
};

class LabelledDenoiserTest : public GuidedDenoiserTest {
 protected:
  LabelledDenoiserTest() : GuidedDenoiserTest("[model]\nlabels = true\n") {}
};

TEST_F(GuidedDenoiserTest, WithoutGuidesItIsTheModelWithCommittedTokensGiven) {
  for (const bool committed : {false, true}) {
    if (committed) draft_.pin(1, {-1, 9, 9});
    const Denoised denoised = GuidedDenoiser(model_, table_, {0.7}, draft_)(x_, kLevel, before_);
    const Estimate expected = model_alone(x_, 0.7);
    EXPECT_TRUE(torch::equal(denoised.x0, expected.x0));
    EXPECT_TRUE(torch::equal(denoised.point, expected.point));
    EXPECT_FALSE(denoised.logits.defined());
    const GuidedDenoiser guided(model_, table_, {0.7}, draft_);
    EXPECT_TRUE(torch::equal(guided.round(denoised).tokens, model_.round(expected.point, table_).tokens));
    EXPECT_TRUE(torch::equal(guided.logits(denoised), model_.logits(expected.point, table_)));
    EXPECT_FALSE(guided.after_step());
  }
}

TEST_F(GuidedDenoiserTest, ASteeringAddsToTheLogProbabilitiesAtAnyTemperature) {
  for (const double temperature : {1.0, 0.5}) {
    SevenWish wish;
    draft_.pin(0, {9});
    const GuidedDenoiser guided(model_, table_, {temperature, 0, nullptr, &wish}, draft_);
    const Denoised denoised = guided(x_, kLevel, before_);
    const Tensor logits = model_.logits(model_alone(x_).point, table_) / temperature;
    Tensor expected_logits = logits.clone();
    expected_logits.select(-1, 7) += 2;
    EXPECT_TRUE(torch::allclose(denoised.x0, torch::matmul(expected_logits.softmax(-1), table_), 1e-5, 1e-6));
    EXPECT_TRUE(torch::allclose(guided.logits(denoised) / temperature, expected_logits, 1e-5, 1e-5));
    EXPECT_TRUE(torch::equal(guided.round(denoised).tokens, expected_logits.argmax(-1)));
    // It gets the probabilities of the model, with certainty where a token is committed.
    EXPECT_TRUE(torch::allclose(wish.believed[1], logits.softmax(-1)[1], 1e-5, 1e-6));
    EXPECT_EQ(wish.believed[0][0][9].item<double>(), 1);
    EXPECT_TRUE(torch::equal(wish.given, draft_.committed().to(torch::kFloat32)));
  }
}

TEST_F(GuidedDenoiserTest, BigramsAddWhatNeighboursSay) {
  const BigramEnergy bigrams(torch::rand({table_.size(0), table_.size(0)}) + 0.5, true);
  const Denoised denoised = GuidedDenoiser(model_, table_, {1, 0.3, &bigrams}, draft_)(x_, kLevel, before_);
  const Tensor logits = model_.logits(model_alone(x_).point, table_);
  const Tensor expected = logits + 0.3 * bigrams.messages(logits.softmax(-1));
  EXPECT_TRUE(torch::allclose(denoised.logits, expected, 1e-5, 1e-6));
  EXPECT_TRUE(torch::allclose(denoised.x0, torch::matmul(expected.softmax(-1), table_), 1e-5, 1e-6));
}

TEST_F(GuidedDenoiserTest, ASteeringMovesLatentsWithCommittedTokensClean) {
  SevenWish wish;
  wish.moves = true;
  draft_.pin(2, {-1, -1, 9});
  const GuidedDenoiser guided(model_, table_, {1, 0, nullptr, &wish}, draft_);
  const StepHook hook = guided.after_step();
  ASSERT_TRUE(hook);
  EXPECT_TRUE(torch::equal(hook(x_, {x_, {}}, before_, 0.4), draft_.with_committed(x_) + 1));
  EXPECT_TRUE(torch::equal(wish.given, draft_.committed().to(torch::kFloat32)));
}

TEST_F(LabelledDenoiserTest, TheModelIsToldLabelsWithTheirGuidance) {
  SevenWish wish;
  wish.labels = {{1}, 2.5};
  const GuidedDenoiser guided(model_, table_, {1, 0, nullptr, &wish}, draft_);
  const DenoiseInput told = guided.conditions();
  EXPECT_TRUE(torch::equal(told.labels, torch::tensor({0.0F, 1.0F, 0.0F}).expand({kRows, 3})));
  EXPECT_EQ(told.guidance_scale, 2.5);
  const Denoised denoised = guided(x_, kLevel, before_);
  EXPECT_TRUE(torch::equal(denoised.point, model_alone(x_, 1, told).point));
  EXPECT_FALSE(torch::allclose(denoised.point, model_alone(x_).point, 1e-3, 1e-3));
}

}  // namespace
}  // namespace difflm::test
