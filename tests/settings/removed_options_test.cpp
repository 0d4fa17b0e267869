// Options that are gone: runs and configurations that name them without having used them still open; for the others the
// error names the option and where its code is.
#include "difflm/model/removed_options.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/core/files.h"
#include "difflm/model/run_folder.h"
#include "difflm/settings/catalogue.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

Config words(const std::vector<std::string>& all) {
  Config config;
  for (const auto& word : all) config.read_override(word);
  return config;
}

// As every run of 0.1 has them, used or not.
const std::string kOldKeys =
    "[noise]\nspread = \"even\"\n[loss]\ntable_steps = 0\n[sampling]\nwindow = 0.0\nclamp_below = 0.5\n[sampling.ddpm]\nnoise = "
    "1.0\n";

TEST(RemovedOptions, ThoseThatDidNothingAreDropped) {
  Config old;
  old.read_toml(kOldKeys, "old.toml");
  EXPECT_EQ(resolve(old).to_toml(), resolve(Config()).to_toml());
  // Options of a variant that was not chosen had no effect, whatever their values; numbers may be written either way.
  const Config unused = words({"noise.front.share=0.5", "control.langevin.rate=0.1", "loss.separation.weight=2",
                               "sampling.window=0", "sampling.ddpm.noise=1", "noise.importance.bins=7", "noise.independent.share=1",
                               "control.adagrad.moves=2", "control.normalised.moves=2", "model.mlp.width=8"});
  EXPECT_EQ(resolve(unused).to_toml(), resolve(Config()).to_toml());
}

TEST(RemovedOptions, ThoseThatDidSomethingAreNamed) {
  const std::vector<std::pair<std::string, std::string>> used = {
      {"noise.spread=front", "noise.spread"},
      {"noise.spread=independent", "noise.spread"},
      {"noise.times=importance", "noise.times=importance"},
      {"sampling.window=4", "sampling.window"},
      {"sampling.clamp=below", "sampling.clamp=below"},
      {"sampling.ddpm.noise=0.5", "sampling.ddpm.noise"},
      {"loss.table_steps=100", "loss.table_steps"},
      {"loss.terms=[\"denoise\", \"separation\"]", "loss.terms=separation"},
      {"control.rule=adagrad", "control.rule=adagrad"},
      {"control.rule=normalised", "control.rule=normalised"},
      {"control.rule=langevin", "control.rule=langevin"},
      {"model.position=[\"sinusoidal\", \"locality\"]", "model.position=sinusoidal"},
      {"model.norm=layer", "model.norm=layer"},
      {"model.denoiser=mlp", "model.denoiser=mlp"},
  };
  for (const auto& [word, option] : used) {
    const std::string message = usage_message([&, &word = word] { resolve(words({word})); });
    EXPECT_NE(message.find("settings: " + option + " was removed after 0.1"), std::string::npos) << message;
    EXPECT_NE(message.find("docs/tried.md"), std::string::npos) << message;
    EXPECT_NE(message.find("0afe9b8"), std::string::npos) << message;
  }
}

TEST(RemovedOptions, WhatWereThreePretrainedSpacesAreOptionsOfOne) {
  const auto equal = [](const std::vector<std::string>& before, const std::vector<std::string>& now) {
    EXPECT_EQ(resolve(words(before)).to_toml(), resolve(words(now)).to_toml());
  };
  equal(
      {"model.embedding=finetuned", "model.finetuned.path=a.vec", "model.finetuned.tensor=t", "model.projected.path=b.vec"},
      {"model.embedding=pretrained", "model.pretrained.path=a.vec", "model.pretrained.tensor=t", "model.pretrained.trained=true"});
  equal({"model.embedding=projected", "model.projected.path=a.vec"},
        {"model.embedding=pretrained", "model.pretrained.path=a.vec", "model.pretrained.dimension=64"});
  equal({"model.embedding=projected", "model.projected.path=a.vec", "model.projected.dimension=16", "model.pretrained.path=b.vec"},
        {"model.embedding=pretrained", "model.pretrained.path=a.vec", "model.pretrained.dimension=16"});
  equal({"model.embedding=learned", "model.projected.path=a.vec"}, {"model.embedding=learned"});
}

TEST(RemovedOptions, AnUnknownKeyIsStillUnknown) {
  EXPECT_NE(usage_message([] { resolve(words({"noise.sprea=even"})); }).find("unknown key"), std::string::npos);
}

class OldRun : public testing::Test {
 protected:
  OldRun() {
    Config config = tiny_run_config("");
    config.set("train.steps", {int64_t{2}, "test"});
    tiny_run(resolve(config), path_);
    // A run of 0.1 also has the keys that have gone since, and a list in its state.
    rewrite("/config.toml", [](const std::string& text) {
      Config old;
      old.read_toml(text, "config.toml");
      old.read_toml(kOldKeys, "config.toml");
      return old.to_toml();
    });
    rewrite("/checkpoint/state.json", [](const std::string& text) {
      auto state = nlohmann::ordered_json::parse(text);
      state["objective"] = {0.5, -1.0};
      return state.dump();
    });
  }

  void rewrite(const std::string& file, const std::function<std::string(const std::string&)>& change) const {
    replace_file_with_text(path_ + file, change(read_text_file(path_ + file)));
  }
  void set(const std::string& word) const {
    rewrite("/config.toml", [&](const std::string& text) {
      Config config;
      config.read_toml(text, "config.toml");
      config.read_override(word);
      return config.to_toml();
    });
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("run");
};

TEST_F(OldRun, OpensAndGoesOn) {
  EXPECT_EQ(open_run(path_).config.find("noise.spread"), nullptr);
  Config config = tiny_run_config("");
  config.set("train.steps", {int64_t{4}, "test"});
  const TrainingRun run = set_up_run(
      resolve(config), path_, [](const std::string&) {}, resolve);
  EXPECT_EQ(train(run, {}).progress.step, 4);
}

TEST_F(OldRun, WhatItIsMadeOfIsNamedBeforeTheModelIsBuilt) {
  for (const std::string word : {"model.norm=layer", "model.position=[\"sinusoidal\"]", "noise.spread=front"}) {
    set(word);
    const std::string message = usage_message([&] { open_run(path_); });
    EXPECT_NE(message.find("was removed after 0.1"), std::string::npos) << message;
    EXPECT_NE(message.find("config.toml"), std::string::npos) << message;
    set("model.norm=unit");
    set("model.position=[\"locality\"]");
  }
}

// Its texts would differ without them, but they can be drawn in another way.
TEST_F(OldRun, HowItWasSampledCanBeChanged) {
  set("sampling.window=4");
  set("control.rule=adagrad");
  difflm::Run run = open_run(path_);
  EXPECT_NE(usage_message([&] { resolve(run.config); }).find("removed"), std::string::npos);
  run.config.read_override("sampling.window=0");
  run.config.read_override("control.rule=posterior");
  EXPECT_EQ(resolve(run.config).find("sampling.window"), nullptr);
}

}  // namespace
}  // namespace difflm::test
