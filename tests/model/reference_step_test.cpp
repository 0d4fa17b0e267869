// One training step of Diffusion-LM's model, equal to an independent computation in Python (reference_step.py beside this file).
//
// Weights, tokens, times and noise are drawn here and carried over; the script computes in double precision, so what remains is
// the rounding of float32. Lives in tests/model since it is the model that is compared, though it steps with training's optimiser.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/temporary_folder.h"
#include "difflm/nn/random_tensor.h"
#include "difflm/nn/safetensors.h"
#include "difflm/training/diffusion_objective.h"
#include "difflm/training/optimizer.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

constexpr int64_t kSteps = 2000;
constexpr uint64_t kSeed = 11;

const char* const kConfig = R"(
[model]
denoiser = "bert"
embedding = "learned"
norm = "none"
rounding = "softmax"
parametrisation = "x0"
position = ["absolute"]
self_conditioning = false
given_flag = false
[model.learned]
dimension = 8
[model.bert]
width = 32
layers = 2
heads = 4
time_channels = 128
[noise]
schedule = "sqrt"
steps = 2000
start_noise = true
times = "uniform"
[loss]
terms = ["denoise", "rounding", "prior"]
self_conditioning = 0.0
clean_context = 0.0
)";

// The Python that has torch, or "".
std::string python_with_torch() {
  for (const std::string python : {"python3", "/usr/bin/python3"}) {
    if (std::system((python + " -c 'import torch' > /dev/null 2>&1").c_str()) == 0) return python;
  }
  return "";
}

// |a - b| <= tolerance * |b|, in the norm of the whole tensor.
void expect_near(const Tensor& ours, const Tensor& reference, double tolerance, double floor = 1e-7) {
  ASSERT_EQ(ours.sizes(), reference.sizes());
  const double distance = (ours.to(torch::kFloat64) - reference).norm().item<double>();
  EXPECT_LE(distance, tolerance * reference.norm().item<double>() + floor);
}

TEST(ReferenceStep, LossGradientsAndUpdateEqualPlainPyTorch) {
  const std::string python = python_with_torch();
  if (python.empty()) GTEST_SKIP() << "needs python3 with torch (Debian: python3-torch)";

  const SmallModel small = small_model(kConfig, 20, 10);
  small.model->train();
  auto& model = small.diffusion();
  DiffusionObjective objective(small.shared_diffusion(), small.config, torch::ones({20}));
  FlatParameters flat(*small.model);
  torch::manual_seed(5);
  const std::vector<int64_t> steps = {0, 1, 57, 800, 1999, 1300};  // index 0 has a separate rule
  std::vector<double> u;
  for (const int64_t t : steps) u.push_back(static_cast<double>(t + 1) / kSteps);
  const Tensor tokens = torch::randint(20, {6, 7}, torch::kInt64);

  NamedTensors inputs;
  for (const auto& [name, tensor] : model_tensors(*small.model)) inputs["weights/" + name] = tensor.clone();
  const DiffusedBatch batch =
      objective.diffuse_and_estimate(tokens, torch::tensor(u, torch::kFloat64), torch::ones({6, 7}), 0, kSeed);
  inputs["tokens"] = tokens;
  inputs["t"] = torch::tensor(steps, torch::kInt64);
  inputs["sizes"] = torch::tensor({kSteps, int64_t{4}, int64_t{2}}, torch::kInt64);
  inputs["noise"] = batch.noise;
  inputs["start_noise"] = normal_tensor({6, 7, 8}, stream_seed(kSeed, "start"));
  const TemporaryFolder folder;
  write_safetensors(folder.file("in.safetensors"), inputs);
  const auto script = std::filesystem::path(__FILE__).parent_path() / "reference_step.py";
  const std::string command = fmt::format("{} {} {} {} 2> {}", python, script.string(), folder.file("in.safetensors"),
                                          folder.file("out.safetensors"), folder.file("errors"));
  ASSERT_EQ(std::system(command.c_str()), 0) << folder.read("errors");
  const NamedTensors reference = read_safetensors(folder.file("out.safetensors")).tensors;

  expect_near(batch.x_t, reference.at("x_t"), 1e-6);
  expect_near(batch.estimate.x0, reference.at("output"), 1e-5);
  Tensor sum = torch::zeros({6});
  for (const std::string name : {"denoise", "rounding", "prior"}) {
    SCOPED_TRACE(name);
    const Tensor term = loss_terms().make(name, small.config)->per_sequence(batch, model);
    const Tensor expected = reference.at("term/" + name);
    for (int64_t row = 0; row < 6; ++row) EXPECT_NEAR(term[row].item<double>() / expected[row].item<double>(), 1, 1e-5) << row;
    sum = sum + term;
  }
  const Tensor loss = sum.mean();
  EXPECT_NEAR(loss.item<double>() / reference.at("loss").item<double>(), 1, 1e-5);

  loss.backward();
  std::map<std::string, Tensor> gradients;
  for (const auto& item : small.model->named_parameters()) {
    SCOPED_TRACE(item.key());
    gradients[item.key()] = item.value().grad().clone();
    expect_near(gradients[item.key()], reference.at("gradient/" + item.key()), 1e-4);
  }
  EXPECT_EQ(gradients.size() * 2 + 6, reference.size());

  OptimizerOptions options;
  options.learning_rate = 1e-4;
  options.beta2 = 0.999;
  options.weight_decay = 0;
  options.clip = 0;
  Optimizer(flat, options).step(1);
  double compared = 0;
  double total = 0;
  for (const auto& item : small.model->named_parameters()) {
    SCOPED_TRACE(item.key());
    // AdamW's first step is the sign of the gradient; where that is rounding noise (the bias of the keys cancels in the softmax) it
    // means nothing, so there only its size is compared.
    const Tensor clear = reference.at("gradient/" + item.key()).abs() > 3e-6;
    const Tensor distance = (item.value().detach().to(torch::kFloat64) - reference.at("after/" + item.key())).abs();
    EXPECT_LT((distance * clear).max().item<double>(), 2e-6);
    EXPECT_LT(distance.max().item<double>(), 2.1e-4);
    EXPECT_GT((item.value().detach() - inputs.at("weights/" + item.key())).abs().max().item<double>(), 0);
    compared += clear.sum().item<double>();
    total += static_cast<double>(clear.numel());
  }
  EXPECT_GT(compared / total, 0.9);
}

// training() draws times and noise, sums the terms and averages, all of it as the pieces do.
TEST(ReferenceStep, TheObjectiveIsTheSumOfItsPieces) {
  const SmallModel small = small_model(kConfig, 20, 10);
  auto& model = small.diffusion();
  DiffusionObjective objective(small.shared_diffusion(), small.config, torch::ones({20}));
  torch::manual_seed(5);
  const Batch batch = {torch::randint(20, {6, 7}, torch::kInt64), 42};
  const TrainingLoss loss = objective.training({batch}, 0, kSeed);

  RandomStream random(kSeed, "times");
  std::vector<double> u = time_samplings().make("uniform", small.config)->draw(6, random);
  for (double& value : u) value = std::ceil(value * kSteps) / kSteps;
  const DiffusedBatch diffused =
      objective.diffuse_and_estimate(batch.tokens, torch::tensor(u, torch::kFloat64), torch::ones({6, 7}), 0, kSeed);
  double total = 0;
  ASSERT_EQ(loss.terms.size(), 3);
  for (const auto& [name, value] : loss.terms) {
    const double mean = loss_terms().make(name, small.config)->per_sequence(diffused, model).mean().item<double>();
    EXPECT_DOUBLE_EQ(value, mean) << name;
    total += mean;
  }
  EXPECT_NEAR(loss.total.item<double>(), total, 1e-6);
}

}  // namespace
}  // namespace difflm::test
