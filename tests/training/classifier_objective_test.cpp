// The attribute classifier: its probabilities, its labels, that it can be learned from a frozen model, and what it refuses.
#include "difflm/training/classifier_objective.h"
#include "difflm/training/span_objective.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

class ClassifierTest : public testing::Test {
 protected:
  static const std::string& base() {
    static const TemporaryFolder folder;
    static const std::string path = [] {
      tiny_run(tiny_run_config(""), folder.path() + "/base");
      return folder.path() + "/base";
    }();
    return path;
  }
  static Config config_of(const std::string& toml = "") {
    Config config =
        tiny_run_config("[model]\nkind = \"classifier\"\n[model.classifier]\nmin_count = 3\nbase = \"" + base() + "\"\n");
    if (!toml.empty()) config.read_toml(toml, "test.toml");
    return config;
  }
  static TrainingRun set_up(const Config& config, const std::string& folder) {
    std::filesystem::create_directories(folder);
    return set_up_run(config, folder, [](const std::string&) {});
  }
  static ClassifierModel& classifier(const TrainingRun& run) { return *model_as<ClassifierModel>(run.model, run.folder); }

  TemporaryFolder folder;
};

TEST_F(ClassifierTest, HavingAndLackingALabelAreComplements) {
  for (const std::string input : {"estimate", "latent"}) {
    const TrainingRun trained = set_up(config_of("[model.classifier]\ninput = \"" + input + "\"\n"), folder.path() + "/" + input);
    ClassifierModel& model = classifier(trained);
    model.eval();
    randomise_parameters(model, 0.3);
    const torch::NoGradGuard no_grad;
    for (const double scale : {0.01, 1.0, 10.0}) {
      const Tensor read = scale * torch::randn({3, 6, model.base().model().dimension()});
      const auto log_probabilities = model.classify(read, torch::tensor({0.1, 0.5, 1.0}, torch::kFloat64));
      EXPECT_EQ(log_probabilities.log_has.sizes(), (torch::IntArrayRef{3, static_cast<int64_t>(model.labels().size())}));
      EXPECT_TRUE(torch::allclose(log_probabilities.log_has.exp() + log_probabilities.log_lacks.exp(),
                                  torch::ones_like(log_probabilities.log_has), 1e-5, 1e-5));
      EXPECT_TRUE(log_probabilities.log_has.isfinite().all().item<bool>());
    }
  }
}

TEST_F(ClassifierTest, ItTakesCorpusAndSplitOfItsBase) {
  const TrainingRun trained = set_up(config_of("[data]\nlength = 7\ntokenizer = \"char\"\n"), folder.path() + "/run");
  EXPECT_EQ(trained.data.tokenizer->kind(), "word");
  EXPECT_EQ(std::get<int64_t>(trained.config.find("data.length")->data), 24);
  for (const auto& parameter : trained.model->named_parameters()) EXPECT_EQ(parameter.key().find("space"), std::string::npos);
}

TEST_F(ClassifierTest, LearnsWithoutMovingItsBase) {
  const std::string path = folder.path() + "/run";
  Config config = config_of("[train]\nsteps = 60\nlearning_rate = 3e-3\nvalidate_every = 30\n");
  TrainEvents events;
  std::vector<double> losses;
  NamedValues last;
  events.on_validation = [&](int64_t, const ValidationLoss& loss) {
    losses.push_back(loss.loss);
    last = loss.values;
  };
  std::filesystem::create_directories(path);
  const TrainingRun trained = set_up(config, path);
  const Tensor before = classifier(trained).base().model().table().detach().clone();
  train(trained, events);
  ASSERT_EQ(losses.size(), 2);
  EXPECT_LT(losses[1], losses[0]);
  EXPECT_TRUE(torch::equal(before, classifier(trained).base().model().table()));
  EXPECT_EQ(last.size(), 24);
  for (const auto& [name, value] : last) {
    EXPECT_GE(value, 0) << name;
    EXPECT_LE(value, 1) << name;
  }
  // The saved model gives the same.
  const difflm::Run run = open_run(path);
  auto& saved = dynamic_cast<ClassifierModel&>(*run.model);
  EXPECT_EQ(saved.labels(), classifier(trained).labels());
}

TEST_F(ClassifierTest, ValidationIsTheSameTwice) {
  const TrainingRun trained = set_up(config_of(), folder.path() + "/run");
  ClassifierObjective objective(model_as<ClassifierModel>(trained.model, trained.folder), trained.data);
  trained.model->eval();
  const auto batches = validation_batches(trained.data.validation, *trained.packing, 24, 4, 12);
  const double first = objective.validate(batches).loss;
  objective.training({batches.front()}, 1, 7);
  EXPECT_EQ(objective.validate(batches).loss, first);
}

TEST_F(ClassifierTest, ConstituentsAreLearnedToo) {
  const std::string path = folder.path() + "/spans";
  Config config = tiny_run_config("[model]\nkind = \"span-classifier\"\n[model.span-classifier]\nmin_count = 3\nbase = \"" +
                                  base() + "\"\n[train]\nsteps = 60\nlearning_rate = 3e-3\nvalidate_every = 30\n");
  TrainEvents events;
  std::vector<double> losses;
  events.on_validation = [&](int64_t, const ValidationLoss& loss) { losses.push_back(loss.loss); };
  std::filesystem::create_directories(path);
  const TrainingRun trained = set_up(config, path);
  auto& model = dynamic_cast<SpanClassifier&>(*trained.model);
  EXPECT_NE(std::find(model.labels().begin(), model.labels().end(), "NP"), model.labels().end());
  train(trained, events);
  ASSERT_EQ(losses.size(), 2);
  EXPECT_LT(losses[1], losses[0]);
  const torch::NoGradGuard no_grad;
  const Tensor read = torch::randn({2, 5, model.base().model().dimension()});
  const Tensor logits = model.logits(read, torch::tensor({0.2, 0.9}, torch::kFloat64));
  EXPECT_EQ(logits.sizes(), (torch::IntArrayRef{2, static_cast<int64_t>(model.labels().size()), 5, 5}));
  // A logit depends on its two ends: it changes where the first and the last word are exchanged.
  EXPECT_FALSE(torch::allclose(logits, logits.transpose(2, 3)));
}

TEST_F(ClassifierTest, WhatItCannotReadIsRefused) {
  const auto message = [&](const std::string& toml) {
    return usage_message([&] { set_up(config_of(toml), folder.path() + "/refused"); });
  };
  EXPECT_NE(message("[model.classifier]\nbase = \"\"\n").find("model.classifier.base: is missing"), std::string::npos);
  EXPECT_NE(message("[model.classifier]\nbase = \"nothere\"\n").find("no such run folder"), std::string::npos);
  EXPECT_NE(message("[model.classifier]\nmin_count = 100000\n").find("no attribute that occurs"), std::string::npos);
  tiny_run(tiny_run_config("[model]\nkind = \"autoregressive\"\n"), folder.path() + "/other");
  EXPECT_NE(message("[model.classifier]\nbase = \"" + folder.path() + "/other\"\n")
                .find("of kind autoregressive, expected one of kind diffusion"),
            std::string::npos);
}

}  // namespace
}  // namespace difflm::test
