// Flat parameters, AdamW, clipping and the average, against torch's own optimiser and the formulas.
#include "difflm/training/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace difflm::test {
namespace {

struct Net : torch::nn::Module {
  Net() {
    first = register_module("first", torch::nn::Linear(5, 7));
    norm = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({7})));
    second = register_module("second", torch::nn::Linear(7, 3));
    table = register_parameter("table", torch::randn({4, 3}));
  }
  Tensor forward(const Tensor& x) { return second(torch::tanh(norm(first(x)))) + table.sum(0); }
  torch::nn::Linear first{nullptr};
  torch::nn::LayerNorm norm{nullptr};
  torch::nn::Linear second{nullptr};
  Tensor table;
};

std::shared_ptr<Net> net() {
  torch::manual_seed(1);
  return std::make_shared<Net>();
}

Tensor loss_of(Net& module, int step) {
  torch::manual_seed(static_cast<uint64_t>(100 + step));
  return (module.forward(torch::randn({6, 5})) - torch::randn({6, 3})).square().sum();
}

// The same split as ours: matrices decay; vectors and the table do not.
torch::optim::AdamW torch_adamw(Net& module, const OptimizerOptions& options) {
  using torch::optim::AdamWOptions;
  const auto group = [&](std::vector<Tensor> parameters, double decay) {
    auto own = std::make_unique<AdamWOptions>(options.learning_rate);
    own->betas({options.beta1, options.beta2}).eps(options.epsilon).weight_decay(decay);
    return torch::optim::OptimizerParamGroup(std::move(parameters), std::move(own));
  };
  const auto p = module.named_parameters();
  return torch::optim::AdamW({group({p["first.weight"], p["second.weight"]}, options.weight_decay),
                              group({p["first.bias"], p["norm.weight"], p["norm.bias"], p["second.bias"], p["table"]}, 0)},
                             AdamWOptions(options.learning_rate));
}

void expect_equal_parameters(const Net& a, const Net& b, double tolerance) {
  const auto right = b.named_parameters();
  for (const auto& item : a.named_parameters()) {
    EXPECT_LT((item.value() - right[item.key()]).abs().max().item<double>(), tolerance) << item.key();
  }
}

TEST(Optimizer, EqualsTorchsAdamW) {
  const auto ours = net();
  const auto theirs = net();
  OptimizerOptions options;
  options.learning_rate = 3e-3;
  options.weight_decay = 0.1;
  options.clip = 0;
  FlatParameters flat(*ours);
  Optimizer optimizer(flat, options);
  auto reference = torch_adamw(*theirs, options);
  for (int step = 0; step < 20; ++step) {
    const double factor = 1 - 0.03 * step;
    flat.gradients().zero_();
    loss_of(*ours, step).backward();
    optimizer.step(factor);
    reference.zero_grad();
    loss_of(*theirs, step).backward();
    for (auto& group : reference.param_groups()) {
      static_cast<torch::optim::AdamWOptions&>(group.options()).lr(options.learning_rate * factor);
    }
    reference.step();
  }
  expect_equal_parameters(*ours, *theirs, 1e-6);
  EXPECT_EQ(optimizer.updates(), 20);
}

TEST(Optimizer, ClipsToTheNormLikeTorch) {
  const auto ours = net();
  const auto theirs = net();
  OptimizerOptions options;
  options.clip = 0.5;
  options.epsilon = 1e-2;  // so that the size of the gradient matters
  FlatParameters flat(*ours);
  Optimizer optimizer(flat, options);
  auto reference = torch_adamw(*theirs, options);
  for (int step = 0; step < 5; ++step) {
    flat.gradients().zero_();
    loss_of(*ours, step).backward();
    const double norm = optimizer.step(1);
    reference.zero_grad();
    loss_of(*theirs, step).backward();
    EXPECT_NEAR(norm / torch::nn::utils::clip_grad_norm_(theirs->parameters(), 0.5), 1, 1e-4);
    EXPECT_GT(norm, 0.5);
    EXPECT_NEAR(flat.gradients().norm().item<double>(), norm, 1e-3 * norm);  // clipping happens inside the update
    reference.step();
  }
  expect_equal_parameters(*ours, *theirs, 2e-6);
}

// average_n = average_{n-1} + (1 - m) (values_n - average_{n-1}), m = ema, at most (1 + n) / (10 + n) with warm-up.
TEST(Optimizer, AverageFollowsItsFormula) {
  for (const auto& [ema, warmup] :
       {std::pair{0.0, true}, {0.25, true}, {0.999, true}, {0.0, false}, {0.25, false}, {0.999, false}}) {
    const auto module = net();
    OptimizerOptions options;
    options.learning_rate = 0.05;
    options.ema = ema;
    options.ema_warmup = warmup;
    FlatParameters flat(*module);
    Optimizer optimizer(flat, options);
    Tensor expected = flat.values().to(torch::kFloat64);
    EXPECT_TRUE(torch::equal(optimizer.average(), flat.values()));
    for (int step = 1; step <= 10; ++step) {
      flat.gradients().zero_();
      loss_of(*module, step).backward();
      optimizer.step(1);
      const double memory = ema == 0 ? 0 : warmup ? std::min(ema, (1.0 + step) / (10.0 + step)) : ema;
      expected = memory * expected + (1 - memory) * flat.values().to(torch::kFloat64);
      EXPECT_LT((optimizer.average().to(torch::kFloat64) - expected).abs().max().item<double>(), 1e-5) << ema << " " << step;
    }
    EXPECT_EQ(torch::equal(optimizer.average(), flat.values()), ema == 0);
  }
}

TEST(Optimizer, ANormThatIsNotFiniteChangesNothing) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const auto module = net();
    FlatParameters flat(*module);
    Optimizer optimizer(flat, {});
    const Tensor before = flat.values().clone();
    flat.gradients()[3] = bad;
    EXPECT_FALSE(std::isfinite(optimizer.step(1)));
    EXPECT_TRUE(torch::equal(flat.values(), before));
    EXPECT_EQ(optimizer.updates(), 0);
    EXPECT_EQ(optimizer.first_moment().abs().sum().item<double>(), 0);
  }
}

TEST(FlatParameters, AreTheModulesOwn) {
  const auto module = net();
  const auto untouched = net();
  FlatParameters flat(*module);
  int64_t count = 0;
  for (const auto& parameter : untouched->parameters()) count += parameter.numel();
  EXPECT_EQ(flat.values().numel(), count);
  EXPECT_EQ(flat.decayed(), 5 * 7 + 7 * 3);
  expect_equal_parameters(*module, *untouched, 1e-12);
  loss_of(*module, 0).backward();
  loss_of(*untouched, 0).backward();
  double square = 0;
  const auto expected = untouched->named_parameters();
  for (const auto& item : module->named_parameters()) {
    EXPECT_TRUE(torch::allclose(item.value().grad(), expected[item.key()].grad(), 1e-5, 1e-6)) << item.key();
    square += item.value().grad().square().sum().item<double>();
  }
  EXPECT_NEAR(flat.gradients().square().sum().item<double>() / square, 1, 1e-5);  // the gradients landed in the flat tensor
  flat.values().fill_(0.5);
  for (const auto& parameter : module->parameters()) EXPECT_TRUE((parameter == 0.5).all().item<bool>());
}

TEST(FlatParameters, BorrowedValuesAreGivenBackEvenAfterAnError) {
  const auto module = net();
  FlatParameters flat(*module);
  const Tensor own = flat.values().clone();
  flat.with_values(torch::zeros_like(own), [&] { EXPECT_EQ(module->first->weight.abs().sum().item<double>(), 0); });
  EXPECT_TRUE(torch::equal(flat.values(), own));
  EXPECT_THROW(flat.with_values(torch::zeros_like(own), [] { throw std::runtime_error("no"); }), std::runtime_error);
  EXPECT_TRUE(torch::equal(flat.values(), own));
}

}  // namespace
}  // namespace difflm::test
