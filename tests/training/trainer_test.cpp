// The training loop end to end: resuming is bit-exact, interruption saves, divergence stops, metrics are kept.
#include "difflm/training/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/model/run_folder.h"
#include "difflm/nn/safetensors.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

void expect_same_weights(const TemporaryFolder& folder, const std::string& a, const std::string& b) {
  for (const std::string name : {"model", "ema", "optimizer"}) {
    const std::string file = "/checkpoint/" + name + ".safetensors";
    EXPECT_FALSE(folder.read(a + file).empty());
    EXPECT_EQ(folder.read(a + file), folder.read(b + file)) << name << " of " << a << " and " << b;
  }
}

Config with_steps(Config config, int64_t steps) {
  config.set("train.steps", {steps, "test"});
  return config;
}

std::vector<Json> metrics(const TemporaryFolder& folder, const std::string& run) {
  std::vector<Json> lines;
  std::istringstream in(folder.read(run + "/metrics.jsonl"));
  for (std::string line; std::getline(in, line);) lines.push_back(parse_json(line));
  return lines;
}

// Everything that is drawn at random is in these: order, times, noise, dropout, given tokens.
TEST(Trainer, FourAndFourStepsAreEightBitForBit) {
  for (const std::string toml :
       {"[noise]\ntimes = \"uniform\"\n[train]\naccumulate = 2\n", "[train]\nbatch = 48\n",
        "[model]\ndenoiser = \"bert\"\nparametrisation = \"x0\"\n[model.bert]\ndropout = 0.1\n[data]\npacking = \"pad\"\n"
        "[noise]\nsteps = 50\nstart_noise = true\n[loss]\nterms = [\"denoise\", \"rounding\", \"prior\"]\n",
        "[data]\npacking = \"block\"\n[model]\nkind = \"autoregressive\"\n[model.autoregressive]\ndropout = 0.1\n"}) {
    SCOPED_TRACE(toml);
    const TemporaryFolder folder;
    const Config config = tiny_run_config(toml);
    const TrainOutcome whole = tiny_run(config, folder.file("whole"));
    EXPECT_EQ(whole.end, TrainOutcome::End::finished);
    EXPECT_EQ(whole.progress.step, 8);
    EXPECT_EQ(tiny_run(with_steps(config, 4), folder.file("parts")).progress.step, 4);
    const TrainOutcome second = tiny_run(config, folder.file("parts"));
    EXPECT_EQ(second.progress.step, 8);
    EXPECT_EQ(second.progress.tokens, whole.progress.tokens);
    expect_same_weights(folder, "whole", "parts");
    EXPECT_NE(folder.read("whole/checkpoint/model.safetensors"), folder.read("whole/checkpoint/ema.safetensors"));
  }
}

// Stopping after each step, as Ctrl-C does, changes nothing.
TEST(Trainer, InterruptedRunsGoOnWhereTheyStopped) {
  const TemporaryFolder folder;
  const Config config = tiny_run_config("");
  tiny_run(config, folder.file("whole"));
  for (int64_t sitting = 1; sitting <= 8; ++sitting) {
    int64_t steps = 0;
    TrainEvents events;
    events.on_step = [&](const TrainEvents::Step& step) {
      ++steps;
      EXPECT_EQ(step.step, sitting);
    };
    events.stop = [&] { return steps > 0; };
    const TrainOutcome outcome = tiny_run(config, folder.file("parts"), events);
    EXPECT_EQ(outcome.end, sitting < 8 ? TrainOutcome::End::interrupted : TrainOutcome::End::finished);
    EXPECT_EQ(outcome.progress.step, sitting);
  }
  expect_same_weights(folder, "whole", "parts");
  // One line per step and one per validation, none twice.
  std::vector<int64_t> steps;
  for (const auto& line : metrics(folder, "parts")) {
    if (line.contains("train/loss")) steps.push_back(line["step"].get<int64_t>());
  }
  EXPECT_EQ(steps, (std::vector<int64_t>{1, 2, 3, 4, 5, 6, 7, 8}));
}

// A process that dies loses what came after its last checkpoint, and no more.
TEST(Trainer, ARunThatDiedRepeatsTheLostSteps) {
  const TemporaryFolder folder;
  const Config config = tiny_run_config("[train]\ncheckpoint_every = 3\n");
  tiny_run(config, folder.file("whole"));
  TrainEvents events;
  events.on_step = [](const TrainEvents::Step& step) {
    if (step.step == 5) throw std::runtime_error("killed");
  };
  EXPECT_THROW(tiny_run(config, folder.file("parts"), events), std::runtime_error);
  EXPECT_EQ(tiny_run(config, folder.file("parts")).progress.step, 8);
  expect_same_weights(folder, "whole", "parts");
  EXPECT_EQ(metrics(folder, "parts").size(), metrics(folder, "whole").size());
}

TEST(Trainer, MetricsNameTheTermsAndTheBins) {
  const TemporaryFolder folder;
  const Config config = tiny_run_config("[loss]\nterms = [\"cross-entropy\", \"anchor\"]\n");
  std::vector<int64_t> validated;
  TrainEvents events;
  events.on_validation = [&](int64_t step, const ValidationLoss& loss) {
    validated.push_back(step);
    EXPECT_TRUE(std::isfinite(loss.loss));
  };
  tiny_run(config, folder.file("run"), events);
  EXPECT_EQ(validated, (std::vector<int64_t>{5, 8}));
  const auto lines = metrics(folder, "run");
  for (const std::string key :
       {"train/loss", "train/cross-entropy", "train/anchor", "learning_rate", "gradient_norm", "tokens_per_second"}) {
    EXPECT_TRUE(lines[0].contains(key)) << key;
  }
  EXPECT_NEAR(lines[0]["learning_rate"].get<double>(), 1e-3 / 3, 1e-12);  // warm-up over 3 steps
  EXPECT_NEAR(lines[3]["learning_rate"].get<double>(), 1e-3, 1e-12);
  const auto validation =
      std::find_if(lines.begin(), lines.end(), [](const auto& line) { return line.contains("validation/loss"); });
  ASSERT_NE(validation, lines.end());
  EXPECT_TRUE(validation->contains("validation/cross_entropy_u4"));
  EXPECT_TRUE(validation->contains("validation/context_free_u4"));
}

TEST(Trainer, DivergenceNamesStepTermAndLastCheckpoint) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("run"));
  const Config config = tiny_run_config("[train]\ncheckpoint_every = 2\nvalidate_every = 100\n");
  const TrainingRun trained = set_up_run(config, folder.file("run"), [](const std::string&) {});
  TrainEvents events;
  events.on_step = [&](const TrainEvents::Step& step) {
    const torch::NoGradGuard no_grad;
    if (step.step == 5) parameter_of(*trained.model, "rounding.bias").fill_(std::numeric_limits<float>::quiet_NaN());
  };
  const std::string message = failure_message([&] { train(trained, events); });
  for (const std::string part : {"step 6", "'cross-entropy'", "step 4", "checkpoint"}) {
    EXPECT_NE(message.find(part), std::string::npos) << part << " in: " << message;
  }
  const difflm::Run run = open_run(folder.file("run"), "model");
  EXPECT_EQ(run.progress.step, 4);
  for (const auto& parameter : run.model->parameters()) EXPECT_TRUE(torch::isfinite(parameter).all().item<bool>());
}

// The average can be broken while the weights are sound; such a validation must not become the best one.
TEST(Trainer, AValidationThatIsNotFiniteStopsToo) {
  const TemporaryFolder folder;
  const Config config = tiny_run_config("");
  tiny_run(with_steps(config, 2), folder.file("run"));
  const std::string path = folder.file("run/checkpoint/optimizer.safetensors");
  auto content = read_safetensors(path);
  content.tensors["average"].fill_(std::numeric_limits<float>::quiet_NaN());
  write_safetensors(path, content.tensors, content.metadata);
  const std::string message = failure_message([&] { tiny_run(config, folder.file("run")); });
  for (const std::string part : {"step 5", "the validation loss", "step 2"}) {
    EXPECT_NE(message.find(part), std::string::npos) << part << " in: " << message;
  }
}

TEST(Trainer, PatienceStopsEarlyAndKeepsTheBest) {
  const TemporaryFolder folder;
  // A learning rate of 10 only makes it worse.
  const Config config =
      tiny_run_config("[train]\nsteps = 50\nvalidate_every = 1\npatience = 3\nlearning_rate = 10.0\nema = 0.0\nwarmup = 0\n");
  const TrainOutcome outcome = tiny_run(config, folder.file("run"));
  EXPECT_EQ(outcome.end, TrainOutcome::End::early_stopped);
  EXPECT_LT(outcome.progress.step, 50);
  EXPECT_EQ(outcome.progress.step - outcome.progress.best_step, 3);
  EXPECT_EQ(open_run(folder.file("run")).weights, "best");
  EXPECT_NE(folder.read("run/best.safetensors"), folder.read("run/checkpoint/ema.safetensors"));
}

TEST(Trainer, ARunOfAnotherConfigurationIsNotResumed) {
  const TemporaryFolder folder;
  tiny_run(with_steps(tiny_run_config(""), 1), folder.file("run"));
  const std::string message =
      usage_message([&] { tiny_run(tiny_run_config("[model.transformer]\nwidth = 32\n"), folder.file("run")); });
  EXPECT_NE(message.find("model.transformer.width"), std::string::npos);
  EXPECT_EQ(message.find("train.steps"), std::string::npos);
}

TEST(Trainer, NeedsABudget) {
  const TemporaryFolder folder;
  EXPECT_NE(usage_message([&] { tiny_run(tiny_run_config("[train]\nsteps = 0\n"), folder.file("a")); }).find("budget"),
            std::string::npos);
}

TEST(Trainer, ACorpusSmallerThanABatchIsOneBatchAndSaysSo) {
  const TemporaryFolder folder;
  std::string said;
  const TrainingRun run = set_up_run(tiny_run_config("[train]\nbatch = 5000\n"), folder.file("run"),
                                     [&](const std::string& line) { said += line + "\n"; });
  EXPECT_NE(said.find("train.batch = 5000"), std::string::npos) << said;
  EXPECT_EQ(train(run, {}).progress.tokens,
            8 * static_cast<int64_t>(run.corpus.training.tokens));  // eight steps over all texts
}

// Counts are smoothed by 0.01, so that a token that never occurs has a small probability.
TEST(Trainer, TheBiasStartsAtTheLogUnigrams) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("run"));
  const Config config = tiny_run_config("[model.softmax]\nunigrams = true\n");
  const TrainingRun run = set_up_run(config, folder.file("run"), [](const std::string&) {});
  std::vector<double> counts(static_cast<size_t>(run.tokenizer->size()), 0.01);
  for (const auto& document : run.data.training) {
    for (const Token token : document) counts[static_cast<size_t>(token)] += 1;
  }
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  const Tensor bias = parameter_of(*run.model, "rounding.bias");
  for (size_t token = 0; token < counts.size(); ++token) {
    EXPECT_NEAR(bias[static_cast<int64_t>(token)].item<double>(), std::log(counts[token] / all), 1e-4) << token;
  }
  EXPECT_LT(bias[kUnknown].item<double>(), -8);
}

TEST(Trainer, AnOpenedRunIsTheModelThatWasTrained) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("run"));
  const TrainingRun trained = set_up_run(tiny_run_config(""), folder.file("run"), [](const std::string&) {});
  train(trained, {});
  const difflm::Run run = open_run(folder.file("run"), "model");
  const auto opened = model_tensors(*run.model);
  for (const auto& [name, tensor] : model_tensors(*trained.model)) EXPECT_TRUE(torch::equal(tensor, opened.at(name))) << name;
  EXPECT_EQ(run.tokenizer->size(), trained.data.tokenizer->size());
  EXPECT_EQ(run.weights, "model");
  EXPECT_EQ(open_run(folder.file("run")).weights, "ema");
}

}  // namespace
}  // namespace difflm::test
