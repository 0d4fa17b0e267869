// Conditional models, and autoregressive ones steered by a prefix classifier: that they write by labels, and what is refused.
#include "difflm/steering/guide/label.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/expect_error.h"
#include "difflm/steering/guide/fudge.h"
#include "difflm/steering/steer.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

// Texts of three words, of which labels give the first and the last.
const std::string& coloured_corpus() {
  static const TemporaryFolder folder;
  static const std::string path = [] {
    std::string lines;
    for (const std::string colour : {"red", "blue"}) {
      for (const std::string second : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
        for (const std::string third : {"p", "q", "r", "s", "t", "u", "v", "w"}) {
          lines += R"({"text": ")" + colour + " " + second + " " + third + R"(", "colour": ")" + colour + R"(", "last": ")" +
                   third + "\"}\n";
        }
      }
    }
    return folder.write("coloured.jsonl", lines);
  }();
  return path;
}

Config coloured_config(const std::string& kind) {
  return tiny_run_config("[data]\ncorpus = \"jsonl\"\npath = \"" + coloured_corpus() + "\"\n[model]\nlabels = true\nkind = \"" +
                         kind +
                         "\"\n[train]\nsteps = 400\nbatch = 16\nlearning_rate = 5e-3\n[model.transformer]\ndropout = "
                         "0.0\n[runtime]\nautocast = false\n");
}

const std::string& coloured_run(const std::string& kind) {
  static const TemporaryFolder folder;
  static std::map<std::string, std::string> runs;
  auto& path = runs[kind];
  if (path.empty()) {
    path = folder.path() + "/" + kind;
    Config config = coloured_config(kind);
    if (kind == "prefix-classifier") {
      config.read_toml("[model.prefix-classifier]\nwidth = 16\nlayers = 1\nbase = \"" + coloured_run("autoregressive") + "\"\n",
                       "test.toml");
    }
    tiny_run(config, path);
  }
  return path;
}

std::vector<std::string> steered(const std::string& kind, const WishSpec& wish, const std::string& toml = "", int64_t batch = 64) {
  difflm::Run run = open_run(coloured_run(kind));
  if (!toml.empty()) run.config.read_toml(toml, "test.toml");
  if (wish.guide == "fudge") use_classifiers(run.config, {"", "", coloured_run("prefix-classifier")});
  GuideResources resources(run);
  SamplingOptions sampling;
  sampling.steps = 20;
  sampling.batch = batch;
  std::vector<std::string> texts;
  for (const auto& text : steer(run, resources, sampling, {}, {wish}, {40, 1, 0})) texts.push_back(text.sample.text);
  return texts;
}

std::vector<std::string> conditional_texts(const std::string& kind, const std::string& wish, const std::string& toml = "") {
  return steered(kind, {"label", wish}, toml);
}

size_t beginning_with(const std::vector<std::string>& texts, const std::string& word) {
  return static_cast<size_t>(
      std::count_if(texts.begin(), texts.end(), [&](const std::string& text) { return text.starts_with(word); }));
}

TEST(LabelGuide, AModelWritesWhatItIsTold) {
  for (const auto& kind : writing_kinds()) {
    SCOPED_TRACE(kind);
    for (const std::string colour : {"red", "blue"}) {
      EXPECT_GE(beginning_with(conditional_texts(kind, "colour=" + colour, "[control.label]\nweight = 1.0\n"), colour), 34)
          << colour;
      EXPECT_GE(beginning_with(conditional_texts(kind, "colour=" + colour), colour), 36) << colour;
    }
  }
}

TEST(LabelGuide, AWeightOfZeroTellsNothing) {
  for (const auto& kind : writing_kinds()) {
    difflm::Run run = open_run(coloured_run(kind));
    SamplingOptions sampling;
    sampling.steps = 20;
    std::vector<std::string> unconditional;
    for (const auto& sample : generate(run, sampling, {40, 1, 0})) unconditional.push_back(sample.text);
    EXPECT_EQ(conditional_texts(kind, "colour=red", "[control.label]\nweight = 0.0\n"), unconditional) << kind;
    EXPECT_GT(beginning_with(unconditional, "red"), 5) << kind;
    EXPECT_GT(beginning_with(unconditional, "blue"), 5) << kind;
  }
}

TEST(FudgeGuide, AnAutoregressiveModelIsSteeredByBeginnings) {
  for (const std::string colour : {"red", "blue"})
    EXPECT_GE(beginning_with(steered("autoregressive", {"fudge", "colour=" + colour}), colour), 36);
  // The last word decides; the words before it carry no information about the label.
  const auto last = steered("autoregressive", {"fudge", "last=q"});
  EXPECT_GE(std::count_if(last.begin(), last.end(), [](const std::string& text) { return text.ends_with(" q"); }), 32);
  // Without weight nothing changes; with one candidate the most probable word is written, whatever the wish.
  EXPECT_EQ(steered("autoregressive", {"fudge", "colour=red"}, "[control.fudge]\nweight = 0.0\n"),
            conditional_texts("autoregressive", "colour=red", "[control.label]\nweight = 0.0\n"));
  const std::string one = "[control.fudge]\ncandidates = 1\n";
  const auto greedy = steered("autoregressive", {"fudge", "colour=red"}, one);
  EXPECT_EQ(std::set<std::string>(greedy.begin(), greedy.end()).size(), 1);
  EXPECT_EQ(steered("autoregressive", {"fudge", "colour=blue"}, one), greedy);
}

// p(w) p(wish | w)^weight over the candidates, against the formula computed here.
TEST(FudgeGuide, WordsAreWeighedByTheWish) {
  const torch::NoGradGuard no_grad;
  difflm::Run run = open_run(coloured_run("autoregressive"));
  GuideResources resources(run);
  const auto guide = guide_of(run, resources, "fudge", "colour=red",
                              "[control.fudge]\nclassifier = \"" + coloured_run("prefix-classifier") + "\"\nweight = 1.5\n");
  const difflm::Run other = open_run(coloured_run("prefix-classifier"));
  auto& classifier = *model_as<PrefixClassifier>(other.model, other.folder);
  const auto red =
      std::find(classifier.labels().begin(), classifier.labels().end(), Label{"colour", "red"}) - classifier.labels().begin();
  const Tensor inputs = torch::tensor({{int64_t{kStart}, int64_t{7}}, {int64_t{kStart}, int64_t{9}}});
  const Tensor words = torch::tensor({{5, 6, 8}, {8, 6, 5}}, torch::kInt64);
  const Tensor said = guide->next_log_probability(inputs, words);
  for (int64_t row = 0; row < 2; ++row) {
    for (int64_t at = 0; at < 3; ++at) {
      const Tensor text = torch::cat({inputs[row], words[row][at].view({1})}).unsqueeze(0);
      const double score = classifier.logits(text)[0][2][red].item<double>();
      EXPECT_NEAR(said[row][at].item<double>(), -std::log1p(std::exp(-score)), 1e-4);
    }
  }
  EXPECT_EQ(guide->next_candidates(), 50);
  // A state does not depend on what follows.
  const Tensor longer = torch::cat({inputs, words}, 1);
  EXPECT_TRUE(torch::allclose(classifier.logits(longer).narrow(1, 0, 2), classifier.logits(inputs), 1e-4, 1e-5));
}

// Lengths are drawn as in the texts that have the label.
TEST(LabelGuide, TextsThatHaveTheLabelHoldIt) {
  difflm::Run run = open_run(coloured_run("diffusion"));
  GuideResources resources(run);
  const auto guide = guide_of(run, resources, "label", "colour=red, last=q");
  size_t fulfilled = 0;
  for (size_t at = 0; at < resources.documents().size(); ++at) {
    const auto& document = resources.documents()[at];
    const bool has = document.text.starts_with("red ") && document.text.ends_with(" q");
    EXPECT_EQ(*guide->fulfilled_by(document, resources.tokens()[at]), has) << document.text;
    fulfilled += has ? 1 : 0;
  }
  EXPECT_GT(fulfilled, 0);
}

TEST(LabelGuide, ATextIsTheSameInAnyBatch) {
  for (const WishSpec& wish : {WishSpec{"label", "colour=red"}, WishSpec{"fudge", "colour=red"}}) {
    EXPECT_EQ(steered("autoregressive", wish, "", 3), steered("autoregressive", wish)) << wish.guide;
  }
  EXPECT_EQ(steered("diffusion", {"label", "colour=red"}, "", 3), steered("diffusion", {"label", "colour=red"}));
}

TEST(LabelGuide, WhatCannotBeToldIsRefused) {
  const auto refused = [](const std::string& folder, const std::vector<WishSpec>& wishes) {
    difflm::Run run = open_run(folder);
    GuideResources resources(run);
    return usage_message([&] { steer(run, resources, {}, {}, wishes, {1, 1, 0}); });
  };
  EXPECT_NE(refused(coloured_run("diffusion"), {{"label", "colour=green"}}).find("'colour' has no value 'green'"),
            std::string::npos);
  EXPECT_NE(refused(coloured_run("diffusion"), {{"label", "color=red"}}).find("there is no field 'color'"), std::string::npos);
  EXPECT_NE(refused(coloured_run("diffusion"), {{"label", "red"}}).find("expected field=value"), std::string::npos);
  EXPECT_NE(refused(trained_run_folder(), {{"label", "kind=cafe"}}).find("was not trained to be told labels"), std::string::npos);
  EXPECT_NE(refused(coloured_run("autoregressive"), {{"label", "colour=red"}, {"keywords", "a"}}).find("only a diffusion model"),
            std::string::npos);
  EXPECT_NE(refused(coloured_run("autoregressive"), {{"attribute", "colour=red"}}).find("expected one of kind diffusion"),
            std::string::npos);
  EXPECT_NE(refused(coloured_run("prefix-classifier"), {{"label", "colour=red"}}).find("which writes no texts"), std::string::npos);
  EXPECT_NE(refused(coloured_run("autoregressive"), {{"fudge", "colour=red"}}).find("needs a prefix-classifier"),
            std::string::npos);
  EXPECT_NE(error_of([] {
              steered("diffusion", {"fudge", "colour=red"});
            }).text.find("expected one of kind autoregressive"),
            std::string::npos);
  EXPECT_NE(error_of([] {
              steered("autoregressive", {"fudge", "colour=green"});
            }).text.find("has no value 'green'"),
            std::string::npos);
  const TemporaryFolder folder;
  Config stream = coloured_config("diffusion");
  stream.read_toml("[data]\npacking = \"block\"\nlength = 8\n", "test.toml");
  EXPECT_NE(usage_message([&] { tiny_run(stream, folder.path() + "/run"); }).find("model.labels"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
