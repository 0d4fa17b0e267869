// The sinusoid of the noise level, in the reference's layout.
#include "difflm/nn/time_embedding.h"

#include <gtest/gtest.h>

#include <cmath>

namespace difflm::test {
namespace {

TEST(SinusoidalEmbedding, CosinesComeFirstThenSines) {
  const std::vector<double> times = {0, 0.5, 499.5, 999.5};
  const Tensor embedding = sinusoidal_embedding(torch::tensor(times, torch::kFloat32), 128);
  ASSERT_EQ(embedding.sizes(), (std::vector<int64_t>{4, 128}));
  for (int64_t b = 0; b < 4; ++b) {
    for (int64_t k = 0; k < 64; ++k) {
      const double angle = times[static_cast<size_t>(b)] * std::exp(-std::log(10000.0) * static_cast<double>(k) / 64);
      // float32 angles near 1000 are known to 6e-5.
      EXPECT_NEAR(embedding[b][k].item<double>(), std::cos(angle), 2e-4) << b << " " << k;
      EXPECT_NEAR(embedding[b][64 + k].item<double>(), std::sin(angle), 2e-4) << b << " " << k;
    }
  }
}

TEST(SinusoidalEmbedding, AnOddChannelIsZero) {
  const Tensor embedding = sinusoidal_embedding(torch::tensor({3.0F}), 5);
  ASSERT_EQ(embedding.size(1), 5);
  EXPECT_EQ(embedding[0][4].item<float>(), 0);
}

TEST(TimeEmbedding, IsLinearSiluLinear) {
  torch::manual_seed(1);
  TimeEmbedding embedding(8, 6, 4);
  const auto parameters = embedding.named_parameters();
  const Tensor time = torch::tensor({1.5F, 700.0F});
  const Tensor hidden = torch::matmul(sinusoidal_embedding(time, 8), parameters["first.weight"].t()) + parameters["first.bias"];
  const Tensor active = hidden * torch::sigmoid(hidden);
  const Tensor expected = torch::matmul(active, parameters["second.weight"].t()) + parameters["second.bias"];
  EXPECT_TRUE(torch::allclose(embedding.forward(time), expected, 1e-5, 1e-6));
}

}  // namespace
}  // namespace difflm::test
