// Every listed denoiser: shapes at the edges, and what it may and must depend on.
#include "difflm/model/denoiser.h"

#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "difflm/nn/position.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

// Equal, and divisible by the heads, since the hobby baseline can have no others.
constexpr int64_t kInputs = 8;
constexpr int64_t kOutputs = 8;
constexpr int64_t kMaxLength = 11;

std::unique_ptr<Denoiser> denoiser(const std::string& name, const std::vector<std::string>& names = {"absolute", "locality"}) {
  const Config config = small_config("");
  auto result = denoisers().make(name, config, {kInputs, kOutputs, kMaxLength, names, &config});
  stir(*result);
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

TEST(DenoiserContract, TransformersSeeTheNeighboursTheControlDoesNot) {
  torch::manual_seed(3);
  for (const auto& name : denoisers().names()) {
    const auto network = denoiser(name);
    const Tensor features = torch::randn({1, 6, kInputs});
    Tensor changed = features.clone();
    changed[0][5].normal_();
    const Tensor time = torch::tensor({300.0F});
    const bool same = torch::allclose(network->forward(features, time)[0][2], network->forward(changed, time)[0][2], 1e-6, 1e-7);
    EXPECT_EQ(same, name == "mlp") << name;
  }
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

// Before training the transformers say nothing, so that the parametrisation's skip alone speaks.
TEST(Denoiser, TransformersStartSilent) {
  const Config config = small_config("");
  for (const std::string name : {"transformer", "adaptive"}) {
    const auto network = denoisers().make(name, config, {kInputs, kOutputs, kMaxLength, {"absolute"}, &config});
    EXPECT_EQ(network->forward(torch::randn({2, 4, kInputs}), torch::rand({2})).abs().sum().item<double>(), 0) << name;
  }
}

// With a scale of 0 and gates of 1 it is the pre-norm transformer, whose norms then have no scale and shift either.
TEST(Denoiser, AdaptiveWithoutAdaptationIsTheTransformer) {
  const Config config = small_config("");
  const auto make = [&](const std::string& name) {
    auto network = denoisers().make(name, config, {kInputs, kOutputs, kMaxLength, {"absolute", "locality"}, &config});
    stir(*network);
    return network;
  };
  const auto adaptive = make("adaptive");
  const auto plain = make("transformer");
  const torch::NoGradGuard no_grad;
  const auto theirs = plain->named_parameters();
  for (auto& item : adaptive->named_parameters()) {
    const std::string& name = item.key();
    const bool inside = name.starts_with("block") || name.starts_with("final_norm");
    if (name.find("adaptation") == std::string::npos) {
      item.value().copy_(theirs[inside ? "blocks." + name : name]);
    } else {
      item.value().zero_();
      if (name.ends_with("bias")) item.value().view({6, -1}).index_fill_(0, torch::tensor({2L, 5L}), 1);
    }
  }
  for (auto& item : plain->named_parameters()) {
    const std::string& name = item.key();
    if (name.ends_with("attention_norm.weight") || name.ends_with("feed_forward_norm.weight")) item.value().fill_(1);
    if (name.ends_with("attention_norm.bias") || name.ends_with("feed_forward_norm.bias")) item.value().zero_();
    if (name.starts_with("time.second")) item.value().zero_();  // this one adds the time to its states
  }
  const Tensor features = torch::randn({3, 5, kInputs});
  const Tensor time = torch::rand({3}) * 1000;
  EXPECT_TRUE(torch::allclose(adaptive->forward(features, time), plain->forward(features, time), 1e-4, 1e-5));
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
