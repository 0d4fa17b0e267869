// Products whose rows do not depend on one another: values against LibTorch's, and the last bit of a row alone.
#include "difflm/nn/row_products.h"

#include <gtest/gtest.h>

#include "nn/relative_error.h"

namespace difflm {
namespace {

TEST(RowProducts, AgreeWithMatmulForBothLayouts) {
  torch::manual_seed(2);
  for (const auto& [rows, inner, columns] :
       std::vector<std::tuple<int64_t, int64_t, int64_t>>{{1, 1, 1}, {37, 64, 900}, {130, 200, 7}}) {
    RowProducts multiply;
    const Tensor left = torch::randn({2, rows, inner});
    const Tensor stored = torch::randn({columns, inner});
    const Tensor right = torch::randn({inner, columns});
    EXPECT_LT(test::relative_error(multiply(left, stored.t()), torch::matmul(left, stored.t())), 1e-5);
    EXPECT_LT(test::relative_error(multiply(left, right), torch::matmul(left, right)), 1e-5) << "another right operand";
    right.mul_(2);
    EXPECT_LT(test::relative_error(multiply(left, right), torch::matmul(left, right)), 1e-5) << "the same, changed";
  }
}

TEST(RowProducts, ARowDependsOnItselfAlone) {
  torch::manual_seed(3);
  RowProducts multiply;
  const Tensor left = torch::randn({101, 190});
  const Tensor right = torch::randn({333, 190}).t();
  const Tensor all = multiply(left, right);
  for (const int64_t count : {1, 4, 13, 50}) {
    for (int64_t first = 0; first + count <= 101; first += 17) {
      EXPECT_TRUE(torch::equal(multiply(left.narrow(0, first, count), right), all.narrow(0, first, count)))
          << first << " " << count;
    }
  }
}

TEST(RowProducts, PassGradientsOn) {
  RowProducts multiply;
  const Tensor left = torch::randn({3, 4}).requires_grad_();
  const Tensor right = torch::randn({4, 5}).requires_grad_();
  multiply(left, right).sum().backward();
  EXPECT_TRUE(torch::allclose(left.grad(), right.detach().sum(1).expand({3, 4})));
  EXPECT_TRUE(torch::allclose(right.grad(), left.detach().sum(0).unsqueeze(1).expand({4, 5})));
}

}  // namespace
}  // namespace difflm
