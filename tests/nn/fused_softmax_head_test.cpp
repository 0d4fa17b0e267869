// The softmax head's kernels against LibTorch's operators in float32.
#include "difflm/nn/fused_softmax_head.h"

#include <gtest/gtest.h>

#include "kernels/levels.h"
#include "nn/relative_error.h"

namespace difflm {
namespace {

using test::relative_error;

struct HeadCase {
  int64_t rows, vocabulary, dimension;
  double scale;  // of the points: 30 gives logits of some tens, with the right token only slightly ahead of the others
};

class FusedSoftmaxHeadTest : public testing::TestWithParam<HeadCase> {
 protected:
  void SetUp() override {
    const HeadCase& c = GetParam();
    torch::manual_seed(11);
    table_ = torch::randn({c.vocabulary, c.dimension}).requires_grad_();
    bias_ = torch::randn({c.vocabulary}).requires_grad_();
    tokens_ = torch::randint(c.vocabulary, {c.rows}, torch::kInt64);
    // Points near their tokens, so that the loss is neither zero nor that of a blind guess.
    points_ = (c.scale * (torch::embedding(table_.detach(), tokens_) + 3 * torch::randn({c.rows, c.dimension})) / c.dimension)
                  .requires_grad_();
  }
  Tensor table_, bias_, tokens_, points_;
};

TEST_P(FusedSoftmaxHeadTest, CrossEntropyAndItsGradients) {
  const Tensor slope = torch::randn({GetParam().rows});
  const auto gradients = [&](const Tensor& loss) {
    return torch::autograd::grad({(loss * slope).sum()}, {points_, table_, bias_});
  };
  const Tensor expected = torch::cross_entropy_loss(torch::matmul(points_, table_.t()) + bias_, tokens_, {}, at::Reduction::None);
  const auto expected_gradients = gradients(expected);
  for (const Instructions level : kAllInstructions) {
    if (level > best_instructions()) continue;
    FusedSoftmaxHead head(level);
    const Tensor loss = head.cross_entropy(points_, table_, bias_, tokens_);
    EXPECT_LT((loss - expected).abs().max().item<double>(), 1e-3 * std::max(1.0, GetParam().scale)) << name_of(level);
    const auto fused_gradients = gradients(loss);
    for (size_t i = 0; i < 3; ++i)
      EXPECT_LT(relative_error(fused_gradients[i], expected_gradients[i]), 0.01) << name_of(level) << i;
  }
}

// The backward pass must not use logits that another call has kept.
TEST_P(FusedSoftmaxHeadTest, GradientsOfAnEarlierCall) {
  for (const Instructions level : kAllInstructions) {
    if (level > best_instructions()) continue;
    FusedSoftmaxHead head(level);
    const auto gradient_of = [&](const Tensor& loss) { return torch::autograd::grad({loss.sum()}, {points_}).front(); };
    const Tensor expected = gradient_of(head.cross_entropy(points_, table_, bias_, tokens_));
    const Tensor earlier = head.cross_entropy(points_, table_, bias_, tokens_);
    const Tensor others = (points_.detach() + 1).requires_grad_();
    const Tensor later = head.cross_entropy(others, table_, bias_, tokens_);
    EXPECT_LT(relative_error(gradient_of(earlier), expected), 1e-6) << name_of(level);
  }
}

TEST_P(FusedSoftmaxHeadTest, Expectation) {
  const torch::NoGradGuard no_grad;
  for (const double temperature : {1.0, 0.7}) {
    const Tensor logits = torch::matmul(points_, table_.t()) + bias_;
    const Tensor expected = torch::matmul(torch::softmax(logits / temperature, -1), table_);
    for (const Instructions level : kAllInstructions) {
      if (level > best_instructions()) continue;
      FusedSoftmaxHead head(level);
      EXPECT_LT(relative_error(head.expectation(points_, table_, bias_, temperature), expected), 0.01) << name_of(level);
    }
  }
}

// The last needs several chunks of rows.
INSTANTIATE_TEST_SUITE_P(Shapes, FusedSoftmaxHeadTest,
                         testing::Values(HeadCase{1, 5, 3, 1}, HeadCase{37, 100, 16, 4}, HeadCase{200, 703, 128, 30},
                                         HeadCase{300, 9000, 32, 8}));

}  // namespace
}  // namespace difflm
