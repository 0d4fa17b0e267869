// Attention, positions and the transformer: what they compute, that order matters to every listed position, and their gradients.
#include "difflm/nn/transformer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/expect_error.h"
#include "nn/finite_differences.h"

namespace difflm::test {
namespace {

constexpr int64_t kWidth = 12;
constexpr int64_t kHeads = 4;
constexpr int64_t kMaxLength = 9;

// A transformer with one kind of position, in double precision.
struct Stack : torch::nn::Module {
  Stack(const std::vector<std::string>& positions, bool pre_norm, double dropout = 0) {
    position =
        register_module("position", std::make_shared<PositionSum>(positions, Config(), PositionShape{kWidth, kHeads, kMaxLength}));
    blocks =
        register_module("blocks", std::make_shared<Transformer>(TransformerShape{kWidth, 2, kHeads, 16, dropout, 1e-5, pre_norm}));
    to(torch::kFloat64);
  }
  Tensor forward(const Tensor& hidden) {
    return blocks->forward(position->add_to(hidden), position->bias(hidden.size(1)), *position);
  }

  std::shared_ptr<PositionSum> position;
  std::shared_ptr<Transformer> blocks;
};

Tensor random_hidden(int64_t batch, int64_t length) { return torch::randn({batch, length, kWidth}, torch::kFloat64); }

TEST(Attention, IsSoftmaxOfScaledProducts) {
  torch::manual_seed(1);
  Attention attention(6, 2, 0);
  attention.to(torch::kFloat64);
  PositionSum none({}, Config(), {6, 2, 5});
  const Tensor hidden = torch::randn({1, 4, 6}, torch::kFloat64);
  const Tensor bias = torch::randn({2, 4, 4}, torch::kFloat64);
  const auto p = attention.named_parameters();
  const auto project = [&](const std::string& name) {
    return torch::matmul(hidden[0], p[name + ".weight"].t()) + p[name + ".bias"];  // [T,H]
  };
  std::vector<Tensor> heads;
  for (int64_t head = 0; head < 2; ++head) {
    const auto part = [&](const std::string& name) { return project(name).narrow(1, 3 * head, 3); };
    const Tensor scores = torch::matmul(part("query"), part("key").t()) / std::sqrt(3.0) + bias[head];
    const Tensor odds = scores.exp();
    heads.push_back(torch::matmul(odds / odds.sum(1, true), part("value")));
  }
  const Tensor expected = torch::matmul(torch::cat(heads, 1), p["output.weight"].t()) + p["output.bias"];
  EXPECT_TRUE(torch::allclose(attention.forward(hidden, bias, none)[0], expected, 1e-9, 1e-9));
}

TEST(Attention, CausalBiasHidesTheFuture) {
  torch::manual_seed(2);
  Stack stack({"rotary"}, true);
  const Tensor hidden = random_hidden(1, 6);
  Tensor changed = hidden.clone();
  changed.narrow(1, 4, 2).normal_();
  const Tensor bias = causal_bias(6, torch::kCPU);
  const Tensor before = stack.blocks->forward(hidden, bias, *stack.position);
  const Tensor after = stack.blocks->forward(changed, bias, *stack.position);
  EXPECT_TRUE(torch::equal(before.narrow(1, 0, 4), after.narrow(1, 0, 4)));
  EXPECT_FALSE(torch::allclose(before.narrow(1, 4, 2), after.narrow(1, 4, 2)));
}

// Without a position, permuting the input permutes the output; each position must break that.
TEST(PositionContract, OrderMatters) {
  const Tensor order = torch::tensor({2, 0, 1, 4, 3, 5, 6});
  const auto equivariant = [&](const std::vector<std::string>& names) {
    torch::manual_seed(3);
    Stack stack(names, true);
    const Tensor hidden = random_hidden(2, 7);
    return torch::allclose(stack.forward(hidden.index_select(1, order)), stack.forward(hidden).index_select(1, order), 1e-6, 1e-8);
  };
  EXPECT_TRUE(equivariant({}));
  for (const auto& name : positions().names()) EXPECT_FALSE(equivariant({name})) << name;
}

TEST(PositionContract, ShapesFitEveryLength) {
  for (const auto& name : positions().names()) {
    SCOPED_TRACE(name);
    const auto position = positions().make(name, Config(), {kWidth, kHeads, kMaxLength});
    for (const int64_t length : {int64_t{1}, int64_t{4}, kMaxLength}) {
      const Tensor added = position->added(length);
      if (added.defined()) {
        EXPECT_EQ(added.sizes(), (std::vector<int64_t>{length, kWidth}));
      }
      const Tensor bias = position->bias(length);
      if (bias.defined()) {
        EXPECT_EQ(bias.sizes(), (std::vector<int64_t>{kHeads, length, length}));
      }
      const Tensor states = torch::randn({2, kHeads, length, kWidth / kHeads});
      const Rotation rotation = position->rotation(length);
      if (!rotation.defined()) continue;
      const Tensor rotated = rotate(states, rotation);
      EXPECT_EQ(rotated.sizes(), states.sizes());
      EXPECT_TRUE(torch::allclose(rotated.norm(2, -1), states.norm(2, -1), 1e-4, 1e-5));  // rotated, not stretched
    }
  }
}

TEST(Position, RotaryProductsDependOnTheDistanceOnly) {
  const auto position = positions().make("rotary", Config(), {16, 2, 20});
  const Tensor query = torch::randn({8}).expand({1, 1, 20, 8});
  const Tensor key = torch::randn({8}).expand({1, 1, 20, 8});
  const Tensor products = torch::matmul(rotate(query, position->rotation(20))[0][0], rotate(key, position->rotation(20))[0][0].t());
  for (int64_t offset = -3; offset <= 3; ++offset) {
    const Tensor diagonal = products.diagonal(offset);
    EXPECT_TRUE(torch::allclose(diagonal, diagonal[0].expand_as(diagonal), 1e-3, 1e-4)) << offset;
  }
  EXPECT_FALSE(torch::allclose(products.diagonal(1)[0], products.diagonal(-1)[0], 1e-3, 1e-4));
}

TEST(Position, LocalityHeadsFavourPreviousNextNearAndNone) {
  const Tensor bias = positions().make("locality", Config(), {kWidth, 4, kMaxLength})->bias(5);
  const auto favourite = [&](int64_t head) { return bias[head][2].argmax().item<int64_t>(); };
  EXPECT_EQ(favourite(0), 1);
  EXPECT_EQ(favourite(1), 3);
  EXPECT_EQ(favourite(2), 2);
  EXPECT_NEAR(bias[0][2][1].item<double>(), 4, 1e-6);
  EXPECT_NEAR(bias[2][2][4].item<double>(), -0.5, 1e-6);
  EXPECT_EQ(bias[3].abs().sum().item<double>(), 0);
}

TEST(Position, LocalityReachesFartherWithMoreHeads) {
  Config config;
  config.read_toml("model.locality.reach = 2\n", "test.toml");
  const Tensor bias = positions().make("locality", config, {kWidth, 8, kMaxLength})->bias(5);
  const Tensor four = positions().make("locality", Config(), {kWidth, 4, kMaxLength})->bias(5);
  EXPECT_TRUE(torch::equal(bias.narrow(0, 0, 4), four));
  EXPECT_EQ(bias[4][2].argmax().item<int64_t>(), 0);
  EXPECT_EQ(bias[5][2].argmax().item<int64_t>(), 4);
  EXPECT_EQ(bias.narrow(0, 6, 2).abs().sum().item<double>(), 0);
}

TEST(Position, BothEndsKnowsTheDistanceToTheEnd) {
  const auto position = positions().make("both-ends", Config(), {kWidth, kHeads, kMaxLength});
  const auto parameters = position->named_parameters();
  for (const int64_t length : {1, 5, 9}) {
    const Tensor added = position->added(length);
    for (int64_t at = 0; at < length; ++at) {
      EXPECT_TRUE(torch::allclose(added[at], parameters["from_start"][at] + parameters["from_end"][length - 1 - at]));
    }
  }
}

TEST(Transformer, GradientsMatchFiniteDifferences) {
  std::vector<std::vector<std::string>> sets = {{}, positions().names()};
  for (const auto& name : positions().names()) sets.push_back({name});
  for (const bool pre_norm : {true, false}) {
    for (const auto& names : sets) {
      SCOPED_TRACE((names.empty() ? "none" : names.front()) + (pre_norm ? ", pre-norm" : ", post-norm"));
      torch::manual_seed(4);
      Stack stack(names, pre_norm);
      const Tensor hidden = random_hidden(2, 5).requires_grad_();
      const Tensor target = random_hidden(2, 5);
      auto tensors = parameters_of(stack);
      tensors.emplace_back("hidden", hidden);
      expect_gradients([&] { return (stack.forward(hidden) * target).sum(); }, tensors, {1e-3, 1e-6, 1e-3});
    }
  }
}

TEST(Transformer, DropoutActsInTrainingOnly) {
  torch::manual_seed(5);
  Stack stack({"absolute"}, false, 0.3);
  const Tensor hidden = random_hidden(1, 6);
  stack.eval();
  EXPECT_TRUE(torch::equal(stack.forward(hidden), stack.forward(hidden)));
  stack.train();
  EXPECT_FALSE(torch::allclose(stack.forward(hidden), stack.forward(hidden)));
}

TEST(Transformer, HeadsMustDivideTheWidth) {
  const std::string message = usage_message([] { TransformerShape{10, 1, 3, 40, 0, 1e-5, true}.check("model.transformer"); });
  EXPECT_NE(message.find("model.transformer.heads"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
