// The draft of a batch: what is committed stays, what is given to the network, blocks that continue one another.
#include "difflm/sampling/draft.h"

#include <gtest/gtest.h>

#include "sampling/random_run.h"

namespace difflm::test {
namespace {

class DraftTest : public testing::Test {
 protected:
  Draft draft_of(int64_t rows, int64_t length) const {
    std::vector<int64_t> indices;
    for (int64_t row = 0; row < rows; ++row) indices.push_back(10 + row);
    return {run_, indices, length, table_};
  }

  // The tokens 4, 5, 6 ... in each of the rows, all of one probability.
  static Rounding::Rounded counting(int64_t rows, int64_t length, double probability = 0.5) {
    return {torch::arange(4, 4 + length).expand({rows, length}), torch::full({rows, length}, probability)};
  }

  const torch::NoGradGuard no_grad_;
  difflm::Run run_ = random_run("[data]\npacking = \"block\"\n");
  Tensor table_ = dynamic_cast<DiffusionModel&>(*run_.model).table();
};

TEST_F(DraftTest, BeginsOpen) {
  const Draft draft = draft_of(2, 5);
  EXPECT_EQ(draft.block(), 5);
  EXPECT_EQ(draft.blocks(), 1);
  EXPECT_FALSE(draft.committed().any().item<bool>());
  const Tensor latents = torch::randn({2, 5, table_.size(1)});
  EXPECT_TRUE(torch::equal(draft.with_committed(latents), latents));
  const Tensor probabilities = torch::rand({2, 5, table_.size(0)});
  EXPECT_TRUE(torch::equal(draft.with_certainty(probabilities), probabilities));
  EXPECT_TRUE(torch::equal(draft.over(counting(2, 5)).tokens, counting(2, 5).tokens));
}

TEST_F(DraftTest, CommitsOpenTokensAboveTheThresholdOnceAndForAll) {
  Draft draft = draft_of(2, 4);
  draft.pin(1, {-1, 20, -1, -1});
  Rounding::Rounded best = counting(2, 4);
  best.probability = torch::tensor({{0.9F, 0.8F, 0.1F, 0.95F}, {0.7F, 0.99F, 0.85F, 0.2F}});
  draft.commit(best, best.probability > 0.8F);
  EXPECT_TRUE(torch::equal(draft.tokens(), torch::tensor({{4L, -1L, -1L, 7L}, {-1L, 20L, 6L, -1L}})));
  best = {torch::full({2, 4}, 9L), torch::ones({2, 4})};
  EXPECT_TRUE(torch::equal(draft.over(best).tokens, torch::tensor({{4L, 9L, 9L, 7L}, {9L, 20L, 6L, 9L}})));
  EXPECT_TRUE(torch::equal(draft.over(best).probability, torch::tensor({{0.9F, 1.0F, 1.0F, 0.95F}, {1.0F, 1.0F, 0.85F, 1.0F}})));
  draft.commit(best, best.probability > 0.5);
  EXPECT_TRUE(torch::equal(draft.tokens(), draft.over(best).tokens));
}

TEST_F(DraftTest, GivesCommittedTokensCleanAndCertain) {
  Draft draft = draft_of(1, 3);
  draft.pin(0, {-1, 7});
  const Tensor latents = draft.with_committed(torch::zeros({1, 3, table_.size(1)}));
  EXPECT_TRUE(torch::equal(latents[0][1], table_[7]));
  EXPECT_EQ(latents[0][0].abs().sum().item<double>() + latents[0][2].abs().sum().item<double>(), 0);
  const Tensor certain = draft.with_certainty(torch::full({1, 3, table_.size(0)}, 0.25));
  EXPECT_EQ(certain[0][1][7].item<double>(), 1);
  EXPECT_EQ(certain[0][1].sum().item<double>(), 1);
  EXPECT_TRUE((certain[0][0] == 0.25).all().item<bool>());
}

// 31 tokens by a model of 12: blocks end at 12, 18, 24, 30 and 31.
TEST_F(DraftTest, GoesOnFromTheSecondHalfOfTheBlockBefore) {
  Draft draft = draft_of(2, 31);
  EXPECT_EQ(draft.block(), kLength);
  ASSERT_EQ(draft.blocks(), 5);
  std::vector<Token> expected(12);
  for (size_t i = 0; i < 12; ++i) expected[i] = static_cast<Token>(4 + i);
  Rounding::Rounded finished = counting(2, 12);
  for (const size_t ends : {18, 24, 30, 31}) {
    draft.go_on(finished);
    const auto fresh = static_cast<int64_t>(ends - expected.size());
    EXPECT_TRUE(torch::equal(draft.tokens().narrow(1, 0, 12 - fresh), finished.tokens.narrow(1, fresh, 12 - fresh)));
    EXPECT_FALSE(draft.committed().narrow(1, 12 - fresh, fresh).any().item<bool>());
    const auto next = static_cast<int64_t>(ends % 20 + 4);
    finished = draft.over({torch::full({2, 12}, next), torch::full({2, 12}, 0.75)});
    for (int64_t i = 0; i < fresh; ++i) expected.push_back(static_cast<Token>(next));
    for (const auto& text : draft.read(finished)) EXPECT_EQ(text.tokens, expected) << ends;
  }
  EXPECT_EQ(expected.size(), 31);
  EXPECT_NEAR(draft.read(finished)[0].confidence, (12 * 0.5 + 19 * 0.75) / 31, 1e-6);
}

// A pin of a later block is given once that begins.
TEST_F(DraftTest, PinsStandInLaterBlocks) {
  Draft draft = draft_of(2, 20);
  Sequence pins(20, -1);
  pins[3] = 21;
  pins[15] = 22;
  pins[19] = kEnd;
  draft.pin(1, pins);
  EXPECT_EQ(draft.committed().sum().item<int64_t>(), 1);
  Rounding::Rounded finished = draft.over(counting(2, 12));
  EXPECT_FALSE(draft.all_end(finished));
  draft.go_on(finished);  // 6 to 18
  EXPECT_EQ(draft.tokens()[1][9].item<int64_t>(), 22);
  EXPECT_EQ(draft.committed().sum().item<int64_t>(), 2 * 6 + 1);
  finished = draft.over(counting(2, 12));
  draft.go_on(finished);  // 8 to 20
  EXPECT_EQ(draft.tokens()[1][11].item<int64_t>(), kEnd);
  finished = draft.over({torch::full({2, 12}, int64_t{kEnd}), torch::ones({2, 12})});
  EXPECT_TRUE(draft.all_end(finished));
  const auto texts = draft.read(finished, true);
  EXPECT_EQ(texts[1].tokens[3], 21);
  EXPECT_EQ(texts[1].tokens[15], 22);
  EXPECT_EQ(texts[1].states[15], TokenState::given);
}

TEST_F(DraftTest, ReadsTheTextsOfItsSamples) {
  Draft draft = draft_of(2, 4);
  Rounding::Rounded block = counting(2, 4);
  block.probability = torch::tensor({{0.1F, 0.2F, 0.3F, 0.4F}, {1.0F, 1.0F, 1.0F, 1.0F}});
  const auto texts = draft.read(block);
  ASSERT_EQ(texts.size(), 2);
  EXPECT_EQ(texts[0].index, 10);
  EXPECT_EQ(texts[1].index, 11);
  EXPECT_EQ(texts[0].tokens, (std::vector<Token>{4, 5, 6, 7}));
  EXPECT_EQ(texts[0].text, run_.tokenizer->decode(texts[0].tokens));
  EXPECT_NEAR(texts[0].confidence, 0.25, 1e-6);
  EXPECT_EQ(texts[1].confidence, 1);
}

}  // namespace
}  // namespace difflm::test
