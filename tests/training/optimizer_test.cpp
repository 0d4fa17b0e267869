// Flat parameters, AdamW, clipping and the average, against torch's own optimiser and the formulas.
#include "difflm/training/optimizer.h"

#include <gtest/gtest.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adamw.h>

#include <cmath>
#include <limits>
#include <map>

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

// Two blocks of matrices that Muon updates, and a head that it leaves to AdamW.
struct BlockNet : torch::nn::Module {
  BlockNet() {
    for (const std::string name : {"block0", "block1"}) {
      const auto block = register_module(name, std::make_shared<torch::nn::Module>());
      block->register_module("up", torch::nn::Linear(6, 20));
      block->register_module("down", torch::nn::Linear(20, 6));
    }
    register_module("head", torch::nn::Linear(6, 3));
  }
};

TEST(Optimizer, MuonTakesTheMatricesOfBlocksByItsFormula) {
  torch::manual_seed(1);
  const auto module = std::make_shared<BlockNet>();
  const auto before = std::make_shared<BlockNet>();
  {
    const torch::NoGradGuard no_grad;
    for (const auto& item : module->named_parameters()) before->named_parameters()[item.key()].copy_(item.value());
  }
  OptimizerOptions options;
  options.optimizer = "muon";
  options.learning_rate = 0.02;
  options.weight_decay = 0.1;
  options.clip = 0;
  options.ema = 0.5;
  options.ema_warmup = false;
  FlatParameters flat(*module);
  EXPECT_EQ(flat.inner(), 4 * 6 * 20);
  EXPECT_EQ(flat.decayed(), 4 * 6 * 20 + 6 * 3);
  Optimizer optimizer(flat, options);
  flat.gradients().normal_();
  std::map<std::string, Tensor> gradients;
  for (const auto& item : module->named_parameters()) gradients[item.key()] = item.value().grad().clone();
  optimizer.step(0.5);

  for (const auto& item : module->named_parameters()) {
    SCOPED_TRACE(item.key());
    const Tensor old = before->named_parameters()[item.key()];
    if (item.key().find("block") == std::string::npos || item.value().dim() == 1) {
      // AdamW's first step has the size of the learning rate.
      const double decay = item.value().dim() == 2 ? 1 - 0.01 * 0.1 : 1;
      EXPECT_TRUE(torch::allclose(item.value(), old * decay - 0.01 * gradients[item.key()].sign(), 1e-4, 1e-6));
      continue;
    }
    // The polar factor by SVD; the Newton-Schulz iteration leaves its singular values within 0.3 of 1.
    const auto [u, s, v] = torch::svd(gradients[item.key()].to(torch::kFloat64));
    const Tensor step = (old * (1 - 0.01 * 0.1) - item.value()) / (0.01 * 0.2 * std::sqrt(20.0));
    const Tensor singular = std::get<1>(torch::svd(step.to(torch::kFloat64)));
    EXPECT_GT(singular.min().item<double>(), 0.6);
    EXPECT_LT(singular.max().item<double>(), 1.3);
    EXPECT_GT(torch::cosine_similarity(step.to(torch::kFloat64).flatten(), torch::matmul(u, v.t()).flatten(), 0).item<double>(),
              0.97);
  }
  EXPECT_TRUE(torch::allclose(optimizer.average(), 0.5 * (flat.values() + FlatParameters(*before).values()), 1e-5, 1e-6));
}

TEST(Optimizer, MuonsMomentumIsNesterovs) {
  const std::vector<Tensor> gradients = {torch::randn({2, 4, 9}), torch::randn({2, 4, 9})};
  std::vector<Tensor> momentum = {torch::zeros({2, 4, 9})};
  std::vector<Tensor> weights = {torch::zeros({2, 4, 9})};
  Muon muon;
  muon.step({gradients[0]}, momentum, weights, 0.1, 0, 1);
  const Tensor first = weights[0].clone();
  muon.step({gradients[1]}, momentum, weights, 0.1, 0, 0.5);
  const Tensor memory = 0.95 * 0.05 * gradients[0] + 0.05 * 0.5 * gradients[1];
  EXPECT_TRUE(torch::allclose(momentum[0], memory, 1e-4, 1e-6));
  const Tensor ahead = 0.95 * memory + 0.05 * 0.5 * gradients[1];
  const Tensor expected = -0.1 * 0.2 * 3 * Orthogonaliser::by_operators(ahead, torch::kFloat32);
  EXPECT_LT(((weights[0] - first) - expected).norm().item<double>() / expected.norm().item<double>(), 0.1);
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
