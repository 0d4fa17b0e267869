// Every listed rounding maps a token's own embedding back to that token; what the logits are.
#include "difflm/model/rounding.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/small_model.h"

namespace difflm::test {
namespace {

constexpr int64_t kVocabulary = 40;
constexpr int64_t kDimension = 8;

Tensor unit_table() {
  torch::manual_seed(1);
  return NormRule{"unit", 1}.apply(torch::randn({kVocabulary, kDimension}));
}

std::unique_ptr<Rounding> rounding(const std::string& name, const Tensor& table) {
  auto result = roundings().make(name, Config(), RoundingShape{kVocabulary, kDimension});
  // What training has to achieve where the matrix is not the table itself.
  const torch::NoGradGuard no_grad;
  for (auto& item : result->named_parameters()) {
    if (item.value().sizes() == table.sizes()) item.value().copy_(table);
  }
  return result;
}

TEST(RoundingContract, EmbeddingsAreRoundedToTheirWords) {
  const Tensor table = unit_table();
  const Tensor ids = torch::randint(kVocabulary, {3, 17}, torch::kInt64);
  for (const auto& name : roundings().names()) {
    const Tensor logits = rounding(name, table)->logits(torch::embedding(table, ids), table);
    ASSERT_EQ(logits.sizes(), (std::vector<int64_t>{3, 17, kVocabulary})) << name;
    EXPECT_TRUE(torch::equal(logits.argmax(-1), ids)) << name;
  }
}

TEST(Rounding, ScoresAreWhatTheyAreCalled) {
  const Tensor table = unit_table() * torch::rand({kVocabulary, 1});
  const Tensor point = torch::randn({kDimension});
  const auto score = [&](const std::string& name, int64_t word) {
    return rounding(name, table)->logits(point, table)[word].item<double>();
  };
  const auto distance = [&](int64_t word) { return (point - table[word]).square().sum().item<double>(); };
  const auto product = [&](int64_t word) { return (point * table[word]).sum().item<double>(); };
  for (int64_t word = 1; word < 5; ++word) {
    EXPECT_NEAR(score("nearest", word) - score("nearest", 0), (distance(0) - distance(word)) / 2, 1e-4);
    EXPECT_NEAR(score("cosine", word), 10 * product(word) / (point.norm() * table[word].norm()).item<double>(), 1e-4);
  }
  torch::manual_seed(5);
  const auto softmax = rounding("softmax", table);
  const Tensor bias = parameter_of(*softmax, "bias");
  EXPECT_LE(bias.abs().max().item<double>(), 1 / std::sqrt(8.0));
  EXPECT_GT(bias.abs().max().item<double>(), 0.2);
  EXPECT_NEAR(softmax->logits(point, table)[3].item<double>(), product(3) + bias[3].item<double>(), 1e-5);
}

TEST(Rounding, TiedSoftmaxTrainsTheTableAndTheBias) {
  const Tensor table = unit_table().requires_grad_();
  const auto softmax = roundings().make("softmax", Config(), RoundingShape{kVocabulary, kDimension});
  softmax->logits(torch::randn({2, 3, kDimension}), table).logsumexp(-1).sum().backward();
  EXPECT_GT(table.grad().norm().item<double>(), 0);
  EXPECT_GT(parameter_of(*softmax, "bias").grad().norm().item<double>(), 0);
}

TEST(Rounding, NearestIsTheLeastDistance) {
  const auto nearest = roundings().make("nearest", Config(), RoundingShape{kVocabulary, kDimension});
  const Tensor table = unit_table() * (0.2 + torch::rand({kVocabulary, 1}));
  const Tensor points = torch::randn({50, kDimension});
  EXPECT_TRUE(torch::equal(nearest->round(points, table).tokens, torch::cdist(points, table).argmin(1)));
}

// Every variant's best token is that of its logits, with its probability, with kernels and without; also after the table has
// changed.
TEST(Rounding, BestIsThatOfTheLogits) {
  torch::manual_seed(5);
  for (const auto& name : roundings().names()) {
    const auto rounding = roundings().make(name, Config(), RoundingShape{kVocabulary, kDimension});
    Tensor table = unit_table() * (0.2 + torch::rand({kVocabulary, 1}));
    for (const std::optional<Instructions> level : {std::optional<Instructions>(), std::optional(best_instructions())}) {
      rounding->use_kernels(level);
      for (int change = 0; change < 2; ++change) {
        table.mul_(-1);
        const Tensor points = 2 * torch::randn({3, 40, kDimension});
        const torch::NoGradGuard no_grad;
        const Tensor probabilities = torch::softmax(rounding->logits(points, table), -1);
        const auto [tokens, probability] = rounding->round(points, table);
        ASSERT_EQ(tokens.sizes(), probabilities.sizes().slice(0, 2)) << name;
        const Tensor found = probabilities.gather(-1, tokens.unsqueeze(-1)).squeeze(-1);
        const Tensor largest = std::get<0>(probabilities.max(-1));
        EXPECT_LT((found - largest).abs().max().item<double>(), 1e-3) << name;
        EXPECT_LT((probability - largest).abs().max().item<double>(), 1e-3) << name;
        EXPECT_GT((tokens == probabilities.argmax(-1)).to(torch::kFloat32).mean().item<double>(), 0.98) << name;
      }
    }
  }
}

}  // namespace
}  // namespace difflm::test
