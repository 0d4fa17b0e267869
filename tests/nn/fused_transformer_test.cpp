// The fused kernels against LibTorch's operators in float32: values and all gradients, to what bfloat16 allows.
#include "difflm/nn/fused_transformer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "difflm/core/config.h"
#include "difflm/nn/autocast.h"
#include "difflm/nn/transformer.h"

namespace difflm {
namespace {

struct Case {
  int64_t batch, length, width, heads, feed_forward, layers;
  bool causal;
  std::vector<std::string> position;
  bool pre_norm = true;
};

TransformerShape shape_of(const Case& c, double dropout = 0) {
  return {c.width, c.layers, c.heads, c.feed_forward, dropout, 1e-5, c.pre_norm};
}

struct Outcome {
  Tensor result;
  std::vector<Tensor> gradients;  // of the input, then of the parameters
};

// The norms' scales and shifts start at 1 and 0, where a wrong gradient of folding would not show.
void scatter_parameters(torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  for (auto& parameter : module.parameters()) parameter.add_(0.05 * torch::randn_like(parameter));
}

Outcome run(Transformer& transformer, PositionSum& position, const Case& c, const Tensor& hidden, const Tensor& slope, bool fused) {
  transformer.zero_grad();
  const Tensor input = hidden.clone().requires_grad_();
  const Autocast scope(fused, torch::kCPU);
  const Tensor bias = c.causal ? causal_bias(c.length, torch::kCPU) : position.bias(c.length);
  const Tensor result = transformer.forward(input, bias, position);
  EXPECT_EQ(result.grad_fn()->name() == "FusedTransformerBackward", fused);  // else the comparison would be of a thing with itself
  (result * slope).sum().backward();
  Outcome outcome = {result.detach(), {input.grad().clone()}};
  for (const auto& parameter : transformer.parameters()) outcome.gradients.push_back(parameter.grad().clone());
  return outcome;
}

double relative_error(const Tensor& value, const Tensor& expected) {
  return (value - expected).norm().item<double>() / std::max(1e-6, expected.norm().item<double>());
}

class FusedTransformerTest : public testing::TestWithParam<Case> {};

TEST_P(FusedTransformerTest, AgreesWithOperators) {
  const Case& c = GetParam();
  const TransformerShape shape = shape_of(c);
  if (!FusedTransformer::is_supported(shape)) GTEST_SKIP() << "this processor has no AVX512 bfloat16";
  torch::manual_seed(7);
  Transformer transformer(shape);
  transformer.allow_kernels(true);
  scatter_parameters(transformer);
  PositionSum position(c.position, Config(), {c.width, c.heads, c.length});
  const Tensor hidden = torch::randn({c.batch, c.length, c.width});
  const Tensor slope = torch::randn({c.batch, c.length, c.width});
  const Outcome expected = run(transformer, position, c, hidden, slope, false);
  const Outcome fused = run(transformer, position, c, hidden, slope, true);
  EXPECT_LT(relative_error(fused.result, expected.result), 0.01);
  const auto names = transformer.named_parameters().keys();
  for (size_t i = 0; i < expected.gradients.size(); ++i) {
    const std::string name = i == 0 ? "input" : names[i - 1];
    // Softmax does not see a shift of all keys: that gradient is zero but for rounding.
    if (name.ends_with("key.bias")) continue;
    EXPECT_LT(relative_error(fused.gradients[i], expected.gradients[i]), 0.03) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, FusedTransformerTest,
                         testing::Values(Case{8, 20, 64, 4, 256, 2, false, {"locality"}}, Case{3, 17, 128, 4, 512, 3, false, {}},
                                         Case{2, 130, 96, 3, 200, 1, true, {}}, Case{1, 1, 32, 2, 64, 1, false, {}},
                                         Case{5, 33, 60, 5, 100, 2, true, {}}, Case{1, 64, 256, 4, 1024, 2, false, {"locality"}},
                                         Case{4, 21, 64, 4, 256, 2, false, {"rotary"}},
                                         Case{3, 70, 60, 4, 128, 1, true, {"rotary"}},
                                         Case{4, 24, 64, 4, 256, 2, false, {"absolute"}, false},
                                         // The wide inner layers of these need several chunks of rows.
                                         Case{5, 60, 32, 2, 4096, 2, false, {}}, Case{5, 60, 32, 2, 4096, 2, false, {}, false},
                                         Case{2, 70, 96, 3, 200, 3, true, {"rotary", "locality"}, false}));

// The backward pass must find the forward pass's mask again: a directional derivative by finite differences at a fixed seed.
TEST(FusedTransformer, DropoutHasTheGradientOfItsOwnMask) {
  for (const bool pre_norm : {true, false}) {
    const Case c = {4, 20, 64, 4, 256, 2, false, {}, pre_norm};
    if (!FusedTransformer::is_supported(shape_of(c))) GTEST_SKIP() << "this processor has no AVX512 bfloat16";
    torch::manual_seed(10);
    Transformer transformer(shape_of(c, 0.3));
    transformer.allow_kernels(true);
    scatter_parameters(transformer);
    PositionSum position({}, Config(), {64, 4, 20});
    const Autocast scope(true, torch::kCPU);
    const Tensor hidden = torch::randn({4, 20, 64});
    const Tensor slope = torch::randn({4, 20, 64});
    const auto value = [&](const Tensor& input, uint64_t seed) {
      torch::manual_seed(seed);
      const Tensor result = transformer.forward(input, {}, position);
      if (result.requires_grad()) {
        EXPECT_EQ(result.grad_fn()->name(), "FusedTransformerBackward");
      }
      return (result * slope).sum();
    };
    const Tensor input = hidden.clone().requires_grad_();
    value(input, 3).backward();
    const torch::NoGradGuard no_grad;
    const Tensor direction = input.grad() / input.grad().norm();
    constexpr double kStep = 0.3;
    const double slope_found =
        ((value(hidden + kStep * direction, 3) - value(hidden - kStep * direction, 3)) / (2 * kStep)).item<double>();
    EXPECT_NEAR(slope_found, input.grad().norm().item<double>(), 0.03 * slope_found) << pre_norm;
    EXPECT_NE(value(hidden, 3).item<double>(), value(hidden, 4).item<double>());
    transformer.eval();
    EXPECT_EQ(value(hidden, 3).item<double>(), value(hidden, 4).item<double>());
  }
}

TEST(FusedTransformer, GrowsNoBufferInASteadyState) {
  for (const bool pre_norm : {true, false}) {
    const TransformerShape shape = {64, 2, 4, 256, 0.1, 1e-5, pre_norm};
    if (!FusedTransformer::is_supported(shape)) GTEST_SKIP() << "this processor has no AVX512 bfloat16";
    const Transformer transformer(shape);
    FusedTransformer fused(shape);
    const auto step = [&](int64_t length) {
      const Tensor hidden = torch::randn({4, length, 64}).requires_grad_();
      fused.forward(hidden, {{}, {}, 0.1}, transformer.parameters()).sum().backward();
      const torch::NoGradGuard no_grad;
      fused.forward(hidden, {}, transformer.parameters());
    };
    step(20);
    step(20);
    const int64_t grown = fused.growths();
    EXPECT_GT(grown, 0);
    for (const int64_t length : {20, 7, 20, 13}) step(length);
    EXPECT_EQ(fused.growths(), grown);
    step(21);
    EXPECT_GT(fused.growths(), grown);
  }
}

// A gradient with respect to the input alone is the same whether or not the weights take part.
TEST(FusedTransformer, FrozenWeightsGiveTheSameInputGradient) {
  const TransformerShape shape = {64, 2, 4, 256, 0.0, 1e-5, true};
  if (!FusedTransformer::is_supported(shape)) GTEST_SKIP() << "this processor has no AVX512 bfloat16";
  torch::manual_seed(8);
  Transformer transformer(shape);
  transformer.allow_kernels(true);
  PositionSum position({}, Config(), {64, 4, 16});
  const Case c = {4, 16, 64, 4, 256, 2, false, {}};
  const Tensor hidden = torch::randn({4, 16, 64});
  const Tensor slope = torch::randn({4, 16, 64});
  const Tensor expected = run(transformer, position, c, hidden, slope, true).gradients.front();
  for (auto& parameter : transformer.parameters()) parameter.requires_grad_(false);
  const Tensor input = hidden.clone().requires_grad_();
  const Autocast scope(true, torch::kCPU);
  (transformer.forward(input, {}, position) * slope).sum().backward();
  EXPECT_TRUE(torch::equal(input.grad(), expected));
}

// Two forward passes before the first backward pass, and one whose record is thrown away.
TEST(FusedTransformer, KeepsSeveralPassesApart) {
  const TransformerShape shape = {64, 2, 4, 256, 0.0, 1e-5, true};
  if (!FusedTransformer::is_supported(shape)) GTEST_SKIP() << "this processor has no AVX512 bfloat16";
  torch::manual_seed(9);
  Transformer transformer(shape);
  transformer.allow_kernels(true);
  PositionSum position({}, Config(), {64, 4, 16});
  const Autocast scope(true, torch::kCPU);
  const auto gradient = [&](const Tensor& hidden, bool disturb) {
    const Tensor input = hidden.clone().requires_grad_();
    const Tensor result = transformer.forward(input, {}, position);
    EXPECT_EQ(result.grad_fn()->name(), "FusedTransformerBackward");
    if (disturb) transformer.forward(torch::randn({2, 9, 64}).requires_grad_(), {}, position);
    result.square().sum().backward();
    return input.grad();
  };
  const Tensor hidden = torch::randn({4, 16, 64});
  EXPECT_TRUE(torch::equal(gradient(hidden, true), gradient(hidden, false)));
}

}  // namespace
}  // namespace difflm
