// The objectives: reproducible validation, what is random in training, self-conditioning, given tokens, and that they can be
// learned.
#include "difflm/training/diffusion_objective.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/expect_error.h"
#include "difflm/model/runtime.h"
#include "difflm/training/optimizer.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

std::unique_ptr<Objective> objective_of(const SmallModel& small, const std::string& packing = "bucket") {
  TrainingRun run;
  run.config = small.config;
  run.model = small.model;
  run.packing = packings().make(packing, Config());
  return make_objective(run, torch::ones({small.tokenizer->size()}));
}

DiffusionObjective diffusion_objective(const SmallModel& small) {
  return DiffusionObjective(small.shared_diffusion(), small.config, torch::ones({small.tokenizer->size()}));
}

std::vector<Batch> batches() {
  torch::manual_seed(7);
  return {{torch::randint(4, 20, {6, 5}, torch::kInt64), 30}, {torch::randint(4, 20, {3, 9}, torch::kInt64), 27}};
}

TEST(Objective, ValidationIsTheSameTwiceWhateverHappensBetween) {
  for (const auto& kind : writing_kinds()) {
    SCOPED_TRACE(kind);
    const auto small = small_model("[model]\nkind = \"" + kind + "\"\n");
    randomise_parameters(*small.model);
    const auto objective = objective_of(small);
    const ValidationLoss first = objective->validate(batches());
    objective->training({batches()[0]}, 3, 99);
    torch::manual_seed(12345);
    const ValidationLoss second = objective->validate(batches());
    EXPECT_EQ(first.loss, second.loss);
    EXPECT_EQ(first.values, second.values);
    EXPECT_FALSE(first.values.empty());
    small.model->zero_grad();
    for (const auto& parameter : small.model->parameters()) EXPECT_TRUE(torch::isfinite(parameter).all().item<bool>());
  }
}

TEST(Objective, TrainingIsAFunctionOfItsSeed) {
  const auto small = small_model("");
  randomise_parameters(*small.model);
  auto objective = diffusion_objective(small);
  const Batch batch = batches()[0];
  const double loss = objective.training({batch}, 0, 5).total.item<double>();
  EXPECT_EQ(objective.training({batch}, 0, 5).total.item<double>(), loss);
  EXPECT_NE(objective.training({batch}, 0, 6).total.item<double>(), loss);
}

TEST(Objective, OfMasksScoresHiddenTokensAloneAndNeedsToShowThem) {
  const std::string mask = "[noise]\nprocess = \"mask\"\nschedule = \"log-linear\"\n";
  const auto small = small_model(mask);
  randomise_parameters(*small.model, 0.0);  // all logits 0: every hidden token costs log V, however many there are
  auto objective = diffusion_objective(small);
  EXPECT_NEAR(objective.training(batches(), 0, 5).total.item<double>(), std::log(20.0), 1e-5);
  EXPECT_NEAR(objective.validate(batches()).loss, std::log(20.0), 1e-5);
  randomise_parameters(*small.model);
  size_t alone = 0;
  for (const auto& [name, value] : objective.validate(batches()).values) {
    if (!name.starts_with("context_free")) continue;
    EXPECT_NEAR(value, std::log(20.0), 1e-5) << name << ": a hidden token alone says no more than the unigrams";
    ++alone;
  }
  EXPECT_GT(alone, 3U);
  for (const std::string wrong :
       {"[model]\ngiven_flag = false\n[loss]\nclean_context = 0.0\n", "[model]\nparametrisation = \"x0\"\n"}) {
    const auto other = small_model(mask + wrong);
    EXPECT_NE(usage_message([&] { diffusion_objective(other); }).find("replaces words needs"), std::string::npos) << wrong;
  }
}

// A batch in parts is one batch: each sequence has the weight of any other.
TEST(Objective, PartsCountByTheirSequences) {
  const auto small = small_model("[model]\nkind = \"autoregressive\"\n");
  randomise_parameters(*small.model);
  const auto objective = objective_of(small);
  const auto parts = batches();  // of six sequences and of three
  const double first = objective->training({parts[0]}, 0, 5).total.item<double>();
  const double second = objective->training({parts[1]}, 0, 5).total.item<double>();
  const TrainingLoss both = objective->training(parts, 0, 5);
  EXPECT_NEAR(both.total.item<double>(), (6 * first + 3 * second) / 9, 1e-5);
  EXPECT_NEAR(both.terms.front().second, both.total.item<double>(), 1e-5);
  EXPECT_GT(std::abs(first - second), 1e-3);
}

// As many sequences of a batch are self-conditioned, and their levels are spread as evenly, in whatever parts it comes.
TEST(DiffusionObjective, SharesAndLevelsAreThoseOfTheWholeBatch) {
  const auto small = small_model("[loss]\nself_conditioning = 0.5\nclean_context = 0\n[noise]\ntimes = \"stratified\"\n");
  auto objective = diffusion_objective(small);
  BatchParts parts;
  for (int64_t length = 4; length < 12; ++length) parts.push_back({torch::randint(4, 20, {1, length}, torch::kInt64), length});
  const int64_t before = small.model->evaluations();
  objective.training(parts, 0, 5);
  EXPECT_EQ(small.model->evaluations() - before, 8 + 4);
  const BatchParts equal(8, parts.back());
  double spread = 0;  // between the mean levels of two batches, which show in the loss of an untrained model
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const double loss = objective.training(equal, 0, seed).total.item<double>();
    const double other = objective.training(equal, 0, seed + 100).total.item<double>();
    spread += std::abs(loss - other) / 20;
  }
  double alone = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    double loss = 0;
    double other = 0;
    for (uint64_t i = 0; i < 8; ++i) {
      loss += objective.training({parts.back()}, 0, 1000 * seed + i).total.item<double>() / 8;
      other += objective.training({parts.back()}, 0, 1000 * seed + 100 + i).total.item<double>() / 8;
    }
    alone += std::abs(loss - other) / 20;
  }
  EXPECT_LT(spread, 0.8 * alone);
}

// An untrained network leaves the posterior of each token's own latent, which carries little at the levels of hidden tokens.
TEST(DiffusionObjective, HiddenWordsAreLittleKnownByTheirLatents) {
  const auto loss_of = [](const std::string& hidden) {
    const auto small = small_model("[model]\nscale = 2\n[loss]\nclean_context = 1\nhidden = " + hidden + "\n");
    torch::manual_seed(3);
    const Batch batch = {torch::randint(4, 20, {2000, 5}, torch::kInt64), 10000};
    return diffusion_objective(small).training({batch}, 0, 1).total.item<double>();
  };
  EXPECT_GT(loss_of("1.0"), 1.3 * loss_of("0.0"));
}

// A whole step through the kernels, with self-conditioning, given tokens and the skip, against LibTorch's operators in float32.
TEST(DiffusionObjective, KernelsGiveTheLossAndGradientsOfOperators) {
  const auto gradients = [](const std::string& kernels, double* loss) {
    const auto small =
        small_model("[model]\nscale = 0.5\n[loss]\nclean_context = 0.5\n[model.transformer]\nwidth = 64\nlayers = 2\n");
    randomise_parameters(*small.model, 0.1);
    RuntimeOptions options;
    options.threads = 1;
    options.kernels = kernels;
    options.autocast = kernels == "fused";
    use_runtime(options, *small.model);
    const Tensor total = diffusion_objective(small).training({batches()[0]}, 0, 5).total;
    total.backward();
    *loss = total.item<double>();
    std::vector<Tensor> flat;
    for (const auto& parameter : small.model->parameters()) flat.push_back(parameter.grad().flatten());
    return torch::cat(flat);
  };
  double fused_loss = 0;
  double loss = 0;
  const Tensor fused = gradients("fused", &fused_loss);
  const Tensor expected = gradients("eager", &loss);
  EXPECT_NEAR(fused_loss, loss, 0.01 * loss);
  EXPECT_LT((fused - expected).norm().item<double>(), 0.03 * expected.norm().item<double>());
}

TEST(DiffusionObjective, SelfConditionIsTheFirstEstimateWithoutGradient) {
  const auto small = small_model("");
  randomise_parameters(*small.model);
  auto& model = small.diffusion();
  auto objective = diffusion_objective(small);
  const Tensor tokens = batches()[0].tokens;
  const std::vector<double> u = {0.1, 0.3, 0.5, 0.6, 0.8, 1.0};
  const Tensor ones = torch::ones({6, 5});
  const DiffusedBatch without = objective.diffuse_and_estimate(tokens, torch::tensor(u, torch::kFloat64), ones, 0, 4);
  const DiffusedBatch with = objective.diffuse_and_estimate(tokens, torch::tensor(u, torch::kFloat64), ones, 2, 4);
  EXPECT_TRUE(torch::equal(with.x_t, without.x_t));
  EXPECT_TRUE(torch::allclose(with.estimate.output.narrow(0, 2, 4), without.estimate.output.narrow(0, 2, 4), 1e-5, 1e-6));
  const Tensor first = model.estimate({with.x_t, with.u, {}, torch::zeros({6, 5})}, with.table).x0.detach();
  const Estimate expected = model.estimate({with.x_t, with.u, first, torch::zeros({6, 5})}, with.table);
  EXPECT_TRUE(torch::allclose(with.estimate.output.narrow(0, 0, 2), expected.output.narrow(0, 0, 2), 1e-5, 1e-6));
  EXPECT_FALSE(torch::allclose(with.estimate.output.narrow(0, 0, 2), without.estimate.output.narrow(0, 0, 2), 1e-4, 1e-5));
}

TEST(DiffusionObjective, GivenTokensAreCleanAndFlagged) {
  const auto small = small_model("");
  auto objective = diffusion_objective(small);
  Tensor scored = torch::ones({6, 5});
  scored[2][1] = 0;
  scored[4].zero_();
  const DiffusedBatch batch = objective.diffuse_and_estimate(
      batches()[0].tokens, torch::tensor({0.2, 0.4, 0.5, 0.6, 0.9, 1.0}, torch::kFloat64), scored, 0, 4);
  const Tensor clean = (batch.x_t - batch.embeddings).abs().amax(-1) == 0;
  EXPECT_TRUE(torch::equal(clean, scored == 0));
}

// All logits are 0, so a scored token costs log V. In a sequence of one token a given one leaves nothing to score; it is given
// where the sequence is chosen and then with the drawn share, a half on average.
TEST(DiffusionObjective, CleanContextDrawsItsShare) {
  for (const double share : {0.0, 0.5, 1.0}) {
    const auto small = small_model(fmt::format("model.rounding = \"softmax-untied\"\nloss.clean_context = {:.1f}\n", share));
    randomise_parameters(*small.model, 0.0);
    auto objective = diffusion_objective(small);
    const Batch batch = {torch::full({4000, 1}, 7, torch::kInt64), 4000};
    EXPECT_NEAR(objective.training({batch}, 0, 1).total.item<double>() / std::log(20.0), 1 - share / 2, 0.03) << share;
  }
}

TEST(DiffusionObjective, TermsRampInAndWeighAsConfigured) {
  const auto small = small_model(
      "[loss]\nterms = [\"cross-entropy\", \"anchor\"]\n[loss.anchor]\nbegin = 10\nweight = 0.5\n[loss.cross-entropy]\nweight = "
      "2.0\n");
  auto objective = diffusion_objective(small);
  const TrainingLoss early = objective.training({batches()[0]}, 0, 5);
  ASSERT_EQ(early.terms.size(), 1);
  EXPECT_NEAR(early.total.item<double>(), 2 * early.terms[0].second, 1e-5);
  const TrainingLoss late = objective.training({batches()[0]}, 10, 5);
  ASSERT_EQ(late.terms.size(), 2);
  EXPECT_NEAR(late.total.item<double>(), 2 * late.terms[0].second + 0.5 * late.terms[1].second, 1e-5);
}

TEST(DiffusionObjective, RefusesWhatItCannotDo) {
  EXPECT_NE(usage_message([] { diffusion_objective(small_model("[loss]\nterms = []\n")); }).find("loss.terms"), std::string::npos);
  EXPECT_NE(usage_message([] { diffusion_objective(small_model("[loss]\nterms = [\"denois\"]\n")); }).find("denoise"),
            std::string::npos);
  EXPECT_NE(usage_message([] { diffusion_objective(small_model("[model]\ngiven_flag = false\n")); }).find("given_flag"),
            std::string::npos);
}

TEST(AutoregressiveObjective, IsTheMeanNllOfEachFrame) {
  const auto small = small_model("[model]\nkind = \"autoregressive\"\n");
  randomise_parameters(*small.model, 0.0);  // all logits 0: every token costs log V
  for (const auto& packing : packings().names()) {
    const auto objective = objective_of(small, packing);
    EXPECT_NEAR(objective->training({batches()[0]}, 0, 1).total.item<double>(), std::log(20.0), 1e-5) << packing;
    EXPECT_NEAR(objective->validate(batches()).loss, std::log(20.0), 1e-5) << packing;
  }
}

// One batch, 100 steps: whatever is wrong in gradients, optimiser or data flow shows here.
TEST(Objective, OverfitsOneBatchWithin100Steps) {
  for (const std::string toml :
       {"", "[model]\nkind = \"autoregressive\"\n", "[noise]\nprocess = \"mask\"\nschedule = \"log-linear\"\n",
        "[model]\nparametrisation = \"x0\"\n[loss]\nterms = [\"denoise\", \"rounding\"]\n"}) {
    SCOPED_TRACE(toml);
    const auto small = small_model(toml, 20, 12);
    FlatParameters flat(*small.model);
    OptimizerOptions options;
    options.learning_rate = 1e-2;
    Optimizer optimizer(flat, options);
    const auto objective = objective_of(small);
    torch::manual_seed(8);
    const Tensor rows = torch::randint(4, 20, {2, 8}, torch::kInt64).repeat({8, 1});
    const std::vector<Batch> batch = {{rows, rows.numel()}};
    const double before = objective->validate(batch).loss;
    for (int64_t step = 0; step < 100; ++step) {
      flat.gradients().zero_();
      objective->training({batch[0]}, step, static_cast<uint64_t>(step)).total.backward();
      optimizer.step(1);
    }
    EXPECT_LT(objective->validate(batch).loss, 0.5 * before) << before;
  }
}

}  // namespace
}  // namespace difflm::test
