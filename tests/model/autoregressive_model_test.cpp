// The nats of next tokens: those of the logits, by LibTorch's operators and by our kernels, with their gradients.
#include "difflm/model/autoregressive_model.h"

#include <gtest/gtest.h>

#include "difflm/model/runtime.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

TEST(AutoregressiveModel, NatsAreTheCrossEntropyOfTheLogits) {
  torch::manual_seed(4);
  const Tensor inputs = torch::randint(4, 20, {3, 7}, torch::kInt64);
  Tensor targets = torch::randint(4, 20, {3, 7}, torch::kInt64);
  targets[0][0] = -100;
  targets[2].fill_(-100);
  for (const std::string kernels : {"eager", "auto"}) {
    SCOPED_TRACE(kernels);
    const auto small = small_model("model.kind = \"autoregressive\"\n");
    randomise_parameters(*small.model);
    auto& model = *model_as<AutoregressiveModel>(small.model, "test");
    const Tensor weight = parameter_of(model, "embedding.weight");
    const Tensor expected =
        torch::cross_entropy_loss(model.logits(inputs).flatten(0, 1), targets.flatten(), {}, at::Reduction::None, -100);
    expected.sum().backward();
    const Tensor gradient = weight.grad().clone();
    model.zero_grad();
    RuntimeOptions options;
    options.threads = 1;
    options.kernels = kernels;
    options.autocast = kernels == "auto";
    use_runtime(options, *small.model);
    const Tensor nats = model.nats(inputs, targets);
    EXPECT_TRUE(torch::allclose(nats, expected.view({3, 7}), 0.02, 0.02)) << nats << expected;
    EXPECT_EQ(nats[0][0].item<double>(), 0);
    EXPECT_EQ(nats[2].abs().sum().item<double>(), 0);
    EXPECT_EQ(model.nats(inputs, torch::full_like(targets, -100)).abs().sum().item<double>(), 0) << "nothing is scored";
    nats.sum().backward();
    EXPECT_LT((weight.grad() - gradient).norm().item<double>(), 0.03 * gradient.norm().item<double>());
  }
}

}  // namespace
}  // namespace difflm::test
