// What the public interface says there is, and that it is true: every preset and every wish's example can be used.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "difflm/difflm.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

const SettingFacts& setting(const std::vector<SettingFacts>& settings, const std::string& key) {
  const auto found = std::find_if(settings.begin(), settings.end(), [&](const auto& one) { return one.key == key; });
  if (found == settings.end()) throw std::logic_error("no setting " + key);
  return *found;
}

template <class Entry>
const Entry& named(const std::vector<Entry>& entries, const std::string& name) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& one) { return one.name == name; });
  if (found == entries.end()) throw std::logic_error("there is no " + name);
  return *found;
}

TEST(Catalogue, has_settings_with_type_default_limits_and_help) {
  const Catalogue all = catalogue();
  const auto& train = named(all.sections, "train").settings;
  const SettingFacts& steps = setting(train, "train.batch");
  EXPECT_EQ(steps.type, "an integer");
  EXPECT_EQ(steps.standard, "64");
  EXPECT_EQ(steps.least, 1);
  const auto& sampling = named(all.sections, "sampling").settings;
  const SettingFacts& sampler = setting(sampling, "sampling.sampler");
  EXPECT_EQ(sampler.standard, "\"ddpm\"");
  EXPECT_NE(std::find(sampler.choices.begin(), sampler.choices.end(), "ddim"), sampler.choices.end());
  EXPECT_FALSE(sampler.least.has_value());
  for (const auto& section : all.sections) {
    for (const auto& one : section.settings) EXPECT_FALSE(one.help.empty()) << one.key;
  }
}

TEST(Catalogue, has_families_whose_parts_have_settings_of_their_own) {
  const Catalogue all = catalogue();
  const auto schedules =
      std::find_if(all.families.begin(), all.families.end(), [](const auto& family) { return family.key == "noise.schedule"; });
  ASSERT_NE(schedules, all.families.end());
  EXPECT_EQ(setting(named(schedules->parts, "sqrt").settings, "noise.sqrt.shift").standard, "0.0001");
}

TEST(Catalogue, has_presets_that_exist) {
  const Catalogue all = catalogue();
  EXPECT_NE(named(all.presets, "difflm").help.find("recipe"), std::string::npos);
  for (const auto& preset : all.presets) {
    EXPECT_TRUE(std::filesystem::exists(preset.file)) << preset.file;
    EXPECT_FALSE(preset.help.empty()) << preset.name;
  }
}

TEST(Catalogue, has_wishes_with_examples_that_their_guides_can_read) {
  const Catalogue all = catalogue();
  EXPECT_GE(all.wishes.size(), 11);
  const auto model = Model::open(trained_run_folder());
  for (const auto& wish : all.wishes) {
    EXPECT_FALSE(wish.help.empty()) << wish.guide;
    try {
      model.sample({.wishes = {{wish.guide, wish.example}}});
    } catch (
        const RunError& error) {  // it may ask for a classifier, for words or a kind that this model is not of; its form is right
      EXPECT_EQ(error.kind(), RunError::Kind::usage);
      const bool of_another_kind = error.problem().find("expected one of kind") != std::string::npos;
      EXPECT_TRUE(of_another_kind || error.problem().find("expected") == std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace difflm::test
