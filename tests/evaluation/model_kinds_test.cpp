// The contract of a kind of model: what each one in the list of kinds has in the other lists, and that it works from training to
// evaluation. A new kind is covered without a new test.
#include "difflm/model/model_kind.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/evaluation/model/model_report.h"
#include "difflm/evaluation/steering/steering_task.h"
#include "difflm/model/reader.h"
#include "difflm/model/writer.h"
#include "difflm/sampling/text_generator.h"
#include "difflm/steering/steer.h"
#include "difflm/training/objective.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

Config config_of_kind(const ModelKind& kind, const std::string& base) {
  Config config = tiny_run_config("[model]\nkind = \"" + kind.name + "\"\nlabels = true\n[runtime]\nautocast = false\n");
  if (kind.writes) return config;
  const auto options = language_models().info().variants;
  const std::string section = "model." + kind.name;
  config.set(section + ".base", {base, "test"});
  for (const auto& variant : options) {
    if (variant.name != kind.name) continue;
    for (const auto& option : variant.list(section)) {
      if (option.key == section + ".min_count") config.set(option.key, {int64_t{3}, "test"});
    }
  }
  return config;
}

// The folder of a run of the kind, trained for a moment.
const std::string& folder_of(const ModelKind& kind) {
  static const TemporaryFolder folder;
  static std::map<std::string, std::string> folders;
  auto& path = folders[kind.name];
  if (path.empty()) {
    const std::string base = kind.writes ? "" : folder_of(model_kind(kind.base));
    path = folder.path() + "/" + kind.name;
    TrainEvents events;
    int validations = 0;
    events.on_validation = [&](int64_t, const ValidationLoss& loss) {
      ++validations;
      EXPECT_TRUE(std::isfinite(loss.loss)) << kind.name;
    };
    tiny_run(config_of_kind(kind, base), path, events);
    EXPECT_GT(validations, 0) << kind.name;
  }
  return path;
}

std::vector<ModelKind> kinds_that(bool write) {
  std::vector<ModelKind> kinds;
  for (const auto& kind : model_kinds()) {
    if (kind.writes == write) kinds.push_back(kind);
  }
  return kinds;
}

std::vector<std::string> names_of(const std::vector<ModelKind>& kinds) {
  std::vector<std::string> names;
  for (const auto& kind : kinds) names.push_back(kind.name);
  return names;
}

struct Steered {
  explicit Steered(const std::string& folder, const std::string& toml = "") : run(open_run(folder)), resources(run) {
    if (!toml.empty()) run.config.read_toml(toml, "test.toml");
  }
  std::vector<SteeredSample> by(const WishSpec& wish) {
    SamplingOptions sampling;
    sampling.steps = 8;
    return steer(run, resources, sampling, {}, {wish}, {6, 1, 0});
  }
  // A wish that one of the training texts fulfils, of labels that all kinds learn.
  WishSpec wish(const std::string& guide) {
    std::vector<std::string> labels;
    for (const auto& label : frequent_labels(resources.documents(), 10)) labels.push_back(to_text(label));
    return draw_steering_tasks(guide, 1, resources.documents(), run, labels, 1).front().wishes.front();
  }

  difflm::Run run;
  GuideResources resources;
};

TEST(ModelKinds, HaveAnEntryInEveryListThatIsKeyedByThem) {
  EXPECT_EQ(language_models().names(), names_of(model_kinds()));
  EXPECT_EQ(objectives().names(), names_of(model_kinds()));
  EXPECT_EQ(generators().names(), names_of(kinds_that(true)));
  EXPECT_EQ(model_reports().names(), names_of(kinds_that(true)));
  for (const auto& kind : kinds_that(true)) {
    EXPECT_FALSE(kind.preset.empty()) << kind.name;
    EXPECT_FALSE(kind.network.empty()) << kind.name;
  }
}

TEST(ModelKinds, AreTrainedAndKnowTheirKind) {
  for (const auto& kind : model_kinds()) {
    const difflm::Run run = open_run(folder_of(kind));
    EXPECT_EQ(run.model->kind(), kind.name);
    EXPECT_EQ(model_kind(run.config).name, kind.name);
  }
}

TEST(ModelKinds, ThatWriteWriteAndEvaluate) {
  for (const auto& kind : kinds_that(true)) {
    SCOPED_TRACE(kind.name);
    difflm::Run run = open_run(folder_of(kind));
    SamplingOptions options;
    options.steps = 4;
    const auto texts = generate(run, options, {5, 1, 0});
    EXPECT_EQ(texts.size(), 5);
    EXPECT_TRUE(std::any_of(texts.begin(), texts.end(), [](const auto& text) { return !text.text.empty(); }));
    const auto report = model_report(run, open_prepared(prepared_folder(run.config, run.folder)), 1);
    const auto& likelihood = report.at("likelihood");
    EXPECT_TRUE(likelihood.at("kind") == "exact" || likelihood.at("kind") == "bound") << likelihood;
    EXPECT_GT(likelihood.at("nats_per_token").get<double>(), 0.5);
    EXPECT_LT(likelihood.at("nats_per_token").get<double>(), 100);
    EXPECT_GT(likelihood.at("bits_per_character").get<double>(), 0.1);
    EXPECT_GT(likelihood.at("tokens").get<int64_t>(), 0);
  }
}

TEST(ModelKinds, ThatWriteAreSteeredByWordsAsTheyClaim) {
  for (const auto& kind : kinds_that(true)) {
    SCOPED_TRACE(kind.name);
    Steered steered(folder_of(kind));
    if (model_as<Writer>(steered.run.model, steered.run.folder)->writes_word_by_word()) {
      EXPECT_NE(usage_message([&] { steered.by({"keywords", "the"}); }).find("writes word by word"), std::string::npos);
      continue;
    }
    for (const WishSpec& wish : {WishSpec{"keywords", "the"}, WishSpec{"infill", "the _ is _ ."}, WishSpec{"length", "7"}}) {
      const auto texts = steered.by(wish);
      EXPECT_EQ(texts.size(), 6);
      for (const auto& text : texts) EXPECT_TRUE(*text.outcomes[0].fulfilled) << wish.guide << ": " << text.sample.text;
    }
  }
}

TEST(ModelKinds, ThatWriteAreSteeredByTheLabelsTheyKnow) {
  for (const auto& kind : kinds_that(true)) {
    SCOPED_TRACE(kind.name);
    Steered steered(folder_of(kind));
    ASSERT_TRUE(model_as<Writer>(steered.run.model, steered.run.folder)->label_embedding());
    EXPECT_EQ(steered.by(steered.wish("label")).size(), 6);  // tests/steering/label_test.cpp: that they follow
  }
}

TEST(ModelKinds, ThatReadNameTheirBaseAndSteerIt) {
  for (const auto& kind : kinds_that(false)) {
    SCOPED_TRACE(kind.name);
    const ModelKind& base = model_kind(kind.base);
    EXPECT_TRUE(base.writes);
    EXPECT_EQ(model_as<Reader>(open_run(folder_of(kind)).model, folder_of(kind))->base_folder(), folder_of(base));
    const TemporaryFolder folder;
    EXPECT_NE(usage_message([&] {
                tiny_run(config_of_kind(kind, ""), folder.path() + "/run");
              }).find("model." + kind.name + ".base: is missing"),
              std::string::npos);
    Steered steered(folder_of(base), "[control." + kind.guide + "]\nclassifier = \"" + folder_of(kind) + "\"\n");
    const WishSpec wish = steered.wish(kind.guide);
    const auto texts = steered.by(wish);
    EXPECT_EQ(texts.size(), 6);
    EXPECT_GT(texts.front().cost.guides, 0) << wish.text;  // the classifier was evaluated
    for (const auto& other : kinds_that(true)) {
      if (other.name == base.name) continue;
      Steered stranger(folder_of(other), "[control." + kind.guide + "]\nclassifier = \"" + folder_of(kind) + "\"\n");
      EXPECT_NE(usage_message([&] { stranger.by(wish); }).find("holds a model of kind " + other.name), std::string::npos);
    }
    difflm::Run reader = open_run(folder_of(kind));
    EXPECT_NE(usage_message([&] { generate(reader, {}, {1, 1, 0}); }).find("which writes no texts"), std::string::npos);
  }
}

TEST(ModelKinds, WithoutAnEntryFailAtOnce) {
  const ObjectiveFamily none("objective", "what each kind of model is trained by", {});
  const TrainingRun run;
  const std::string message = failure_message([&] { make_for_kind(none, "diffusion", ObjectiveSource{run, torch::ones({1})}); });
  EXPECT_NE(message.find("objective: there is none for models of kind diffusion"), std::string::npos) << message;
  EXPECT_NE(message.find("docs/adding_a_variant.md"), std::string::npos);
  EXPECT_NE(usage_message([] { model_kind("difusion"); }).find("diffusion"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
