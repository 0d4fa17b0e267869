// Every listed denoiser: shapes at the edges, and what it may and must depend on.
#include "difflm/model/denoiser.h"

#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "difflm/nn/position.h"
#include "model/small_model.h"
#include "model/token_alone.h"

namespace difflm::test {
namespace {

// Equal, and divisible by the heads, since the hobby baseline can have no others.
constexpr int64_t kInputs = 8;
constexpr int64_t kOutputs = 8;
constexpr int64_t kMaxLength = 11;

std::unique_ptr<Denoiser> denoiser(const std::string& name, const std::vector<std::string>& names = {"absolute", "locality"}) {
  const Config config = small_config("");
  auto result = denoisers().make(name, config, {kInputs, kOutputs, kMaxLength, names, &config});
  randomise_parameters(*result);
  result->eval();
  return result;
}

TEST(DenoiserContract, ShapesAtTheEdges) {
  torch::manual_seed(1);
  for (const auto& name : denoisers().names()) {
    const auto network = denoiser(name);
    for (const int64_t batch : {1, 3}) {
      for (const int64_t length : {int64_t{1}, int64_t{2}, int64_t{5}, kMaxLength}) {
        const Tensor output = network->forward(torch::randn({batch, length, kInputs}), torch::rand({batch}) * 1000);
        EXPECT_EQ(output.sizes(), (std::vector<int64_t>{batch, length, kOutputs})) << name;
        EXPECT_TRUE(torch::isfinite(output).all().item<bool>()) << name;
      }
    }
  }
}

TEST(DenoiserContract, RowsDoNotSeeEachOtherAndTimeIsSeen) {
  torch::manual_seed(2);
  for (const auto& name : denoisers().names()) {
    SCOPED_TRACE(name);
    const auto network = denoiser(name);
    const Tensor features = torch::randn({3, 6, kInputs});
    const Tensor time = torch::tensor({5.0F, 400.0F, 990.0F});
    const Tensor together = network->forward(features, time);
    for (int64_t row = 0; row < 3; ++row) {
      const Tensor alone = network->forward(features.narrow(0, row, 1), time.narrow(0, row, 1));
      EXPECT_TRUE(torch::allclose(alone[0], together[row], 1e-4, 1e-5));
    }
    EXPECT_FALSE(torch::allclose(network->forward(features, time + 5), together, 1e-4, 1e-5));
  }
}

// True where the output of a network at one token changes with another token.
bool sees_neighbours(Denoiser& network) {
  const Tensor features = torch::randn({1, 6, kInputs});
  Tensor changed = features.clone();
  changed[0][5].normal_();
  const Tensor time = torch::tensor({300.0F});
  return !torch::allclose(network.forward(features, time)[0][2], network.forward(changed, time)[0][2], 1e-6, 1e-7);
}

TEST(DenoiserContract, NetworksSeeTheNeighboursTheControlDoesNot) {
  torch::manual_seed(3);
  for (const auto& name : denoisers().names()) EXPECT_TRUE(sees_neighbours(*denoiser(name))) << name;
  TokenAloneDenoiser alone(16, {kInputs, kOutputs, kMaxLength, {}, nullptr});
  randomise_parameters(alone);
  alone.eval();
  EXPECT_FALSE(sees_neighbours(alone));
}

TEST(DenoiserContract, EveryParameterHasAGradient) {
  for (const auto& name : denoisers().names()) {
    const auto network = denoiser(name, positions().names());
    network->train();
    torch::manual_seed(4);
    const Tensor output = network->forward(torch::randn({4, kMaxLength, kInputs}), torch::rand({4}) * 1000);
    (output * torch::randn_like(output)).sum().backward();
    for (const auto& item : network->named_parameters()) {
      if (item.key().ends_with("key.bias")) continue;  // it cancels in the softmax
      ASSERT_TRUE(item.value().grad().defined()) << name << " " << item.key();
      EXPECT_GT(item.value().grad().abs().sum().item<double>(), 0) << name << " " << item.key();
    }
  }
}

// Before training the transformer's output is zero, so that only the parametrisation's skip counts.
TEST(Denoiser, TransformerStartsSilent) {
  const Config config = small_config("");
  const auto network = denoisers().make("transformer", config, {kInputs, kOutputs, kMaxLength, {"absolute"}, &config});
  EXPECT_EQ(network->forward(torch::randn({2, 4, kInputs}), torch::rand({2})).abs().sum().item<double>(), 0);
}

TEST(Denoiser, WrongShapesAreUsageErrors) {
  for (const std::string name : {"transformer", "bert"}) {
    const Config config = config_of("[model." + name + "]\nwidth = 16\nheads = 5\nlayers = 1\n");
    const std::string message = usage_message([&] { denoisers().make(name, config, {4, 4, 4, {}, &config}); });
    EXPECT_NE(message.find("model." + name + ".heads"), std::string::npos);
  }
  const Config config = small_config("");
  const std::string message = usage_message([&] { denoisers().make("transformer", config, {4, 4, 4, {"rotari"}, &config}); });
  EXPECT_NE(message.find("rotary"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
