// The linear layer under kernels against LibTorch's in float32, and what it does not compute when nobody asks.
#include "difflm/nn/projection.h"

#include <gtest/gtest.h>

#include "kernels/levels.h"
#include "nn/relative_error.h"

namespace difflm {
namespace {

using test::relative_error;

struct LinearOutcome {
  Tensor result, d_features, d_weight, d_bias;
};

LinearOutcome run(Projection& projection, const Tensor& features, const Tensor& slope) {
  projection.zero_grad();
  const Tensor input = features.clone().requires_grad_();
  const Tensor result = projection.forward(input);
  (result * slope).sum().backward();
  return {result.detach(), input.grad(), projection.weight.grad().clone(), projection.bias.grad().clone()};
}

TEST(Projection, AgreesWithOperatorsAtEveryLevel) {
  torch::manual_seed(3);
  for (const auto& shape : std::vector<std::vector<int64_t>>{{1, 1, 1, 1}, {4, 18, 257, 64}, {3, 7, 33, 130}, {64, 5, 128, 32}}) {
    Projection projection(shape[2], shape[3]);
    const Tensor features = torch::randn({shape[0], shape[1], shape[2]});
    const Tensor slope = torch::randn({shape[0], shape[1], shape[3]});
    projection.use_kernels({});
    const LinearOutcome expected = run(projection, features, slope);
    for (const Instructions level : kAllInstructions) {
      if (level > best_instructions()) continue;
      projection.use_kernels(level);
      ASSERT_EQ(projection.forward(features).grad_fn()->name(), "FusedProjectionBackward");
      const LinearOutcome fused = run(projection, features, slope);
      EXPECT_EQ(fused.result.sizes(), expected.result.sizes());
      EXPECT_LT(relative_error(fused.result, expected.result), 0.01) << name_of(level);
      EXPECT_LT(relative_error(fused.d_features, expected.d_features), 0.01) << name_of(level);
      EXPECT_LT(relative_error(fused.d_weight, expected.d_weight), 0.01) << name_of(level);
      EXPECT_LT(relative_error(fused.d_bias, expected.d_bias), 0.01) << name_of(level);
    }
  }
}

TEST(Projection, FrozenWeightsPassTheGradientOn) {
  Projection projection(20, 12);
  projection.use_kernels(best_instructions());
  for (auto& parameter : projection.parameters()) parameter.set_requires_grad(false);
  const Tensor features = torch::randn({5, 20}).requires_grad_();
  projection.forward(features).sum().backward();
  EXPECT_LT(relative_error(features.grad(), projection.weight.sum(0).expand({5, 20})), 0.01);
  EXPECT_FALSE(projection.weight.grad().defined());
}

TEST(Projection, SeesThatWeightsChanged) {
  Projection projection(20, 12);
  projection.use_kernels(best_instructions());
  const Tensor features = torch::randn({5, 20});
  const torch::NoGradGuard no_grad;
  const Tensor before = projection.forward(features);
  projection.weight.mul_(2);
  projection.bias.mul_(2);
  EXPECT_LT(relative_error(projection.forward(features), 2 * before), 0.01);
}

TEST(Projection, SecondBackwardIsRefused) {
  Projection projection(4, 3);
  projection.use_kernels(best_instructions());
  const Tensor loss = projection.forward(torch::randn({2, 4})).sum();
  loss.backward();
  EXPECT_ANY_THROW(loss.backward());
}

}  // namespace
}  // namespace difflm
