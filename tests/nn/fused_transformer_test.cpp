// The fused kernels against LibTorch's operators in float32: values and all gradients, to the precision of bfloat16.
#include "difflm/nn/fused_transformer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "difflm/core/config.h"
#include "difflm/nn/transformer.h"
#include "kernels/levels.h"
#include "nn/relative_error.h"

namespace difflm {
namespace {

using test::relative_error;

struct BlockCase {
  int64_t batch, length, width, heads, feed_forward, layers;
  bool causal;
  std::vector<std::string> position;
  bool pre_norm = true;
};

TransformerShape shape_of(const BlockCase& c, double dropout = 0) {
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

Outcome run(Transformer& transformer, PositionSum& position, const BlockCase& c, const Tensor& hidden, const Tensor& slope,
            std::optional<Instructions> level) {
  transformer.zero_grad();
  transformer.use_kernels(level);
  const Tensor input = hidden.clone().requires_grad_();
  const Tensor bias = c.causal ? causal_bias(c.length, torch::kCPU) : position.bias(c.length);
  const Tensor result = transformer.forward(input, bias, position);
  EXPECT_EQ(result.grad_fn()->name() == "FusedTransformerBackward",
            level.has_value());  // else something would be compared with itself
  (result * slope).sum().backward();
  Outcome outcome = {result.detach(), {input.grad().clone()}};
  for (const auto& parameter : transformer.parameters()) outcome.gradients.push_back(parameter.grad().clone());
  return outcome;
}

class FusedTransformerTest : public testing::TestWithParam<BlockCase> {};

TEST_P(FusedTransformerTest, AgreesWithOperators) {
  const BlockCase& c = GetParam();
  const TransformerShape shape = shape_of(c);
  torch::manual_seed(7);
  Transformer transformer(shape);
  scatter_parameters(transformer);
  PositionSum position(c.position, Config(), {c.width, c.heads, c.length});
  const Tensor hidden = torch::randn({c.batch, c.length, c.width});
  const Tensor slope = torch::randn({c.batch, c.length, c.width});
  const Outcome expected = run(transformer, position, c, hidden, slope, {});
  const auto names = transformer.named_parameters().keys();
  for (const Instructions level : kAllInstructions) {
    if (level > best_instructions()) continue;
    const Outcome fused = run(transformer, position, c, hidden, slope, level);
    EXPECT_LT(relative_error(fused.result, expected.result), 0.01) << name_of(level);
    for (size_t i = 0; i < expected.gradients.size(); ++i) {
      const std::string name = i == 0 ? "input" : names[i - 1];
      // Softmax does not see a shift of all keys: that gradient is zero except for rounding.
      if (name.ends_with("key.bias")) continue;
      // A single key has all the weight whatever its score.
      if (c.length == 1 && (name.find("query") != std::string::npos || name.find("key") != std::string::npos)) continue;
      EXPECT_LT(relative_error(fused.gradients[i], expected.gradients[i]), 0.03) << name_of(level) << " " << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, FusedTransformerTest,
    testing::Values(BlockCase{8, 20, 64, 4, 256, 2, false, {"locality"}}, BlockCase{3, 17, 128, 4, 512, 3, false, {}},
                    BlockCase{2, 130, 96, 3, 200, 1, true, {}}, BlockCase{1, 1, 32, 2, 64, 1, false, {}},
                    BlockCase{1, 1024, 32, 2, 64, 1, true, {}}, BlockCase{5, 33, 60, 5, 100, 2, true, {}},
                    BlockCase{1, 64, 256, 4, 1024, 2, false, {"locality"}}, BlockCase{4, 21, 64, 4, 256, 2, false, {"rotary"}},
                    BlockCase{3, 70, 60, 4, 128, 1, true, {"rotary"}}, BlockCase{4, 24, 64, 4, 256, 2, false, {"absolute"}, false},
                    // The wide inner layers of these need several chunks of rows.
                    BlockCase{5, 60, 32, 2, 4096, 2, false, {}}, BlockCase{5, 60, 32, 2, 4096, 2, false, {}, false},
                    BlockCase{2, 70, 96, 3, 200, 3, true, {"rotary", "locality"}, false}));

// The backward pass must find the forward pass's mask again: a directional derivative by finite differences at a fixed seed.
TEST(FusedTransformer, DropoutHasTheGradientOfItsOwnMask) {
  for (const bool pre_norm : {true, false}) {
    const BlockCase c = {4, 20, 64, 4, 256, 2, false, {}, pre_norm};
    torch::manual_seed(10);
    Transformer transformer(shape_of(c, 0.3));
    transformer.use_kernels(best_instructions());
    scatter_parameters(transformer);
    PositionSum position({}, Config(), {64, 4, 20});
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

// Shares of rows are fixed by the number of threads, and sums over threads are added in order.
TEST(FusedTransformer, IsDeterministicForACountOfThreads) {
  const int before = torch::get_num_threads();
  const BlockCase c = {7, 21, 64, 4, 256, 2, false, {}};
  torch::manual_seed(14);
  Transformer transformer(shape_of(c, 0.1));
  scatter_parameters(transformer);
  PositionSum position({}, Config(), {64, 4, 21});
  const Tensor hidden = torch::randn({7, 21, 64});
  const Tensor slope = torch::randn({7, 21, 64});
  const auto outcome = [&](int threads, Instructions level) {
    torch::set_num_threads(threads);
    torch::manual_seed(15);  // dropout
    return run(transformer, position, c, hidden, slope, level);
  };
  for (const Instructions level : kAllInstructions) {
    if (level > best_instructions()) continue;
    const Outcome one = outcome(1, level);
    const Outcome first = outcome(3, level);
    const Outcome second = outcome(3, level);
    EXPECT_TRUE(torch::equal(first.result, second.result)) << name_of(level);
    EXPECT_LT(relative_error(one.result, first.result), 1e-3) << name_of(level);
    for (size_t i = 0; i < first.gradients.size(); ++i) {
      EXPECT_TRUE(torch::equal(first.gradients[i], second.gradients[i])) << name_of(level) << i;
    }
  }
  torch::set_num_threads(before);
}

TEST(FusedTransformer, GrowsNoBufferInASteadyState) {
  for (const bool pre_norm : {true, false}) {
    const TransformerShape shape = {64, 2, 4, 256, 0.1, 1e-5, pre_norm};
    const Transformer transformer(shape);
    FusedTransformer fused(shape, best_instructions());
    const auto step = [&](int64_t length) {
      const Tensor hidden = torch::randn({4, length, 64}).requires_grad_();
      fused.forward(hidden, {{}, {}, 0.1}, transformer.parameters()).sum().backward();
      const torch::NoGradGuard no_grad;
      fused.forward(hidden, {}, transformer.parameters());
    };
    step(20);
    step(20);
    const int64_t grown = fused.reallocations();
    EXPECT_GT(grown, 0);
    for (const int64_t length : {20, 7, 20, 13}) step(length);
    EXPECT_EQ(fused.reallocations(), grown);
    step(21);
    EXPECT_GT(fused.reallocations(), grown);
  }
}

// A gradient with respect to the input alone is the same whether or not the weights take part.
TEST(FusedTransformer, FrozenWeightsGiveTheSameInputGradient) {
  const TransformerShape shape = {64, 2, 4, 256, 0.0, 1e-5, true};
  torch::manual_seed(8);
  Transformer transformer(shape);
  transformer.use_kernels(best_instructions());
  PositionSum position({}, Config(), {64, 4, 16});
  const BlockCase c = {4, 16, 64, 4, 256, 2, false, {}};
  const Tensor hidden = torch::randn({4, 16, 64});
  const Tensor slope = torch::randn({4, 16, 64});
  const Tensor expected = run(transformer, position, c, hidden, slope, best_instructions()).gradients.front();
  for (auto& parameter : transformer.parameters()) parameter.requires_grad_(false);
  const Tensor input = hidden.clone().requires_grad_();
  (transformer.forward(input, {}, position) * slope).sum().backward();
  EXPECT_TRUE(torch::equal(input.grad(), expected));
}

// Two forward passes before the first backward pass, and one whose record is thrown away.
TEST(FusedTransformer, KeepsSeveralPassesApart) {
  const TransformerShape shape = {64, 2, 4, 256, 0.0, 1e-5, true};
  torch::manual_seed(9);
  Transformer transformer(shape);
  transformer.use_kernels(best_instructions());
  PositionSum position({}, Config(), {64, 4, 16});
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

// backward() adds to existing gradients, and autograd::grad leaves them alone.
TEST(FusedTransformer, AddsToGradients) {
  for (const bool pre_norm : {true, false}) {
    const TransformerShape shape = {64, 2, 4, 256, 0.0, 1e-5, pre_norm};
    torch::manual_seed(13);
    Transformer transformer(shape);
    transformer.use_kernels(best_instructions());
    scatter_parameters(transformer);
    PositionSum position({}, Config(), {64, 4, 16});
    const Tensor hidden = torch::randn({4, 16, 64});
    const auto loss = [&] { return transformer.forward(hidden, {}, position).square().sum(); };
    loss().backward();
    std::vector<Tensor> once;
    for (const auto& parameter : transformer.parameters()) once.push_back(parameter.grad().clone());
    loss().backward();
    const auto asked = torch::autograd::grad({loss()}, transformer.parameters());
    for (size_t i = 0; i < once.size(); ++i) {
      const Tensor& gradient = transformer.parameters()[i].grad();
      EXPECT_LT((gradient - 2 * once[i]).abs().max().item<double>(), 1e-4 * once[i].abs().max().item<double>()) << i;
      EXPECT_TRUE(torch::allclose(asked[i], once[i], 1e-5, 1e-6)) << i;
      EXPECT_NE(asked[i].data_ptr(), gradient.data_ptr());
    }
  }
}

// The kernels load weights once per change: they must see every change, but one made without LibTorch only if it is announced.
TEST(FusedTransformer, SeesThatWeightsChanged) {
  const TransformerShape shape = {64, 2, 4, 256, 0.0, 1e-5, true};
  torch::manual_seed(12);
  Transformer transformer(shape);
  PositionSum position({}, Config(), {64, 4, 16});
  const torch::NoGradGuard no_grad;
  const Tensor hidden = torch::randn({4, 16, 64});
  const auto error = [&] {
    const Tensor fused = transformer.forward(hidden, {}, position);
    Transformer operators(shape);
    const auto from = transformer.parameters();
    for (size_t i = 0; i < from.size(); ++i) operators.parameters()[i].copy_(from[i]);
    return relative_error(fused, operators.forward(hidden, {}, position));
  };
  transformer.use_kernels(best_instructions());
  EXPECT_LT(error(), 0.01);
  scatter_parameters(transformer);
  EXPECT_LT(error(), 0.01);
  Tensor weight = transformer.parameters().front();
  std::fill_n(weight.data_ptr<float>(), weight.numel(), 0.3F);
  EXPECT_GT(error(), 0.02);  // not announced
  weight.unsafeGetTensorImpl()->bump_version();
  EXPECT_LT(error(), 0.01);
  weight.set_data(torch::randn_like(weight));
  EXPECT_LT(error(), 0.01);
}

}  // namespace
}  // namespace difflm
