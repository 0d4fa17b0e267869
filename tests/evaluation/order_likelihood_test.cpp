// Exact likelihoods of toys whose texts can be counted.
#include "difflm/evaluation/model/order_likelihood.h"

#include <gtest/gtest.h>

#include <cmath>

namespace difflm {
namespace {

// Both words of a text are the same one of four; the third is free and almost always 0.
TEST(OrderLikelihood, IsTheProbabilityOfATextInEveryOrder) {
  const Tensor tokens = torch::tensor({{1, 1, 0}, {3, 3, 0}, {2, 2, 1}}, torch::kInt64);
  const double often = std::log(0.97);
  const double seldom = std::log(0.01);
  std::vector<int64_t> first_places;
  const MaskedBelief ideal = [&](const Tensor& words, const Tensor& given, const Tensor& asked) {
    std::vector<Tensor> rows;
    const Tensor places = asked.nonzero();
    for (int64_t i = 0; i < places.size(0); ++i) {
      const int64_t row = places[i][0].item<int64_t>();
      const int64_t at = places[i][1].item<int64_t>();
      Tensor logs = torch::full({4}, std::log(0.25));
      if (at == 2) {
        logs = torch::full({4}, seldom);
        logs[0] = often;
      } else if (given[row][1 - at].item<float>() > 0) {
        logs = torch::full({4}, -INFINITY);
        logs[words[row][1 - at].item<int64_t>()] = 0;
      }
      rows.push_back(logs);
    }
    if (given.sum().item<float>() == 3) {
      for (int64_t row = 0; row < 3; ++row) first_places.push_back(given[row].argmax().item<int64_t>());
    }
    return torch::stack(rows);
  };
  for (const auto& order : likelihood_orders()) {
    first_places.clear();
    const auto exact = order_likelihood(ideal, order, {{tokens, 9}});
    EXPECT_EQ(exact.tokens, 9);
    ASSERT_EQ(exact.of_sequences.size(), 3U);
    EXPECT_NEAR(exact.of_sequences[0], -(std::log(0.25) + often), 1e-6) << order;
    EXPECT_NEAR(exact.of_sequences[2], -(std::log(0.25) + seldom), 1e-6) << order;
    EXPECT_NEAR(exact.nats, -(3 * std::log(0.25) + 2 * often + seldom) / 9, 1e-6);
    EXPECT_EQ(first_places, std::vector<int64_t>(3, order == "least-entropy" ? 2 : 0)) << order;
  }
}

}  // namespace
}  // namespace difflm
