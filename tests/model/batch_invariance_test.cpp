// Under kernels, what a model says of a text is the same to the last bit in any batch and with any number of threads. A text that
// is sampled then depends on its seed alone.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "difflm/model/autoregressive_model.h"
#include "difflm/model/runtime.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

constexpr int64_t kRows = 13;
constexpr int64_t kLength = 11;

// Sizes at which libraries sum rows of a batch in different orders.
SmallModel invariant_model(const std::string& toml, int64_t threads) {
  SmallModel small = small_model(
      "[model.learned]\ndimension = 40\n[model.transformer]\nwidth = 72\nlayers = 2\nheads = 4\n"
      "[model.autoregressive]\nwidth = 72\nlayers = 2\nheads = 4\n" +
          toml,
      150);
  randomise_parameters(*small.model, 0.2);
  RuntimeOptions options;
  options.threads = threads;
  options.kernels = "fused";
  use_runtime(options, *small.model);
  small.model->eval();
  return small;
}

// `results` of a batch against those of each of its rows alone, and of the batch with two threads.
template <class Results>
void expect_invariant(const std::string& toml, const Results& results) {
  const torch::NoGradGuard no_grad;
  const SmallModel small = invariant_model(toml, 1);
  const std::vector<Tensor> all = results(small, 0, kRows);
  for (const int64_t count : {1, 3, 8}) {
    for (int64_t first = 0; first + count <= kRows; ++first) {
      const std::vector<Tensor> part = results(small, first, count);
      for (size_t i = 0; i < all.size(); ++i) {
        EXPECT_TRUE(torch::equal(part[i], all[i].narrow(0, first, count))) << "result " << i << " of " << first << " " << count;
      }
    }
  }
  const std::vector<Tensor> by_two = results(invariant_model(toml, 2), 0, kRows);
  for (size_t i = 0; i < all.size(); ++i) EXPECT_TRUE(torch::equal(by_two[i], all[i])) << "result " << i << ", two threads";
  use_runtime({.threads = 1}, *small.model);
}

TEST(BatchInvariance, OfADiffusionModel) {
  torch::manual_seed(5);
  const Tensor tokens = torch::randint(4, 150, {kRows, kLength}, torch::kInt64);
  const Tensor noise = torch::randn({kRows, kLength, 40});
  const Tensor given = torch::rand({kRows, kLength}) < 0.3;
  for (const std::string process : {"gaussian", "mask", "uniform"}) {
    SCOPED_TRACE(process);
    const std::string rest = process == "gaussian" ? "" : "schedule = \"log-linear\"\n";
    expect_invariant("[noise]\nprocess = \"" + process + "\"\n" + rest, [&](const SmallModel& small, int64_t first, int64_t count) {
      DiffusionModel& model = small.diffusion();
      const Tensor table = model.table();
      const auto rows = [&](const Tensor& values) { return values.narrow(0, first, count); };
      DenoiseInput input;
      input.x_t = torch::where(rows(given).unsqueeze(-1), DiffusionModel::embed(rows(tokens), table), rows(noise));
      input.u = torch::full({count}, 0.6, torch::kFloat64);
      input.given = rows(given).to(torch::kFloat32);
      const Estimate estimate = model.estimate(input, table);
      const Tensor logits = model.logits(estimate.point, table);
      const auto rounded = model.round(estimate.point, table);
      return std::vector<Tensor>{estimate.x0,
                                 estimate.point,
                                 logits,
                                 model.mean(logits.softmax(-1), table),
                                 rounded.tokens,
                                 rounded.probability,
                                 model.cross_entropy(estimate.point, table, rows(tokens))};
    });
  }
}

TEST(BatchInvariance, OfAnAutoregressiveModel) {
  torch::manual_seed(6);
  const Tensor tokens = torch::randint(4, 150, {kRows, kLength}, torch::kInt64);
  expect_invariant("[model]\nkind = \"autoregressive\"\n", [&](const SmallModel& small, int64_t first, int64_t count) {
    const auto model = model_as<AutoregressiveModel>(small.model, "small model");
    const Tensor rows = tokens.narrow(0, first, count);
    return std::vector<Tensor>{model->logits(rows), model->next_logits(rows), model->nats(rows, rows)};
  });
}

}  // namespace
}  // namespace difflm::test
