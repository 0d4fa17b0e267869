// The options of every variant of every family up to control survive options -> TOML -> options.
#include <gtest/gtest.h>

#include <set>

#include "difflm/corpora/corpus.h"
#include "difflm/data/packing.h"
#include "difflm/diffusion/noise_process.h"
#include "difflm/diffusion/time_sampling.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/nn/position.h"
#include "difflm/sampling/generate.h"
#include "difflm/sampling/sampler.h"
#include "difflm/steering/guide.h"
#include "difflm/steering/update_rule.h"
#include "difflm/training/diffusion_objective.h"
#include "difflm/training/optimizer.h"
#include "difflm/training/tracker.h"
#include "difflm/training/trainer.h"

namespace difflm::test {
namespace {

std::vector<FamilyInfo> families() {
  return {corpora().info(),          tokenizers().info(), packings().info(),       language_models().info(),
          embedding_spaces().info(), schedules().info(),  time_samplings().info(), parametrisations().info(),
          denoisers().info(),        positions().info(),  roundings().info(),      loss_terms().info(),
          learning_rates().info(),   trackers().info(),   samplers().info(),       guides().info(),
          update_rules().info()};
}

// Values other than the defaults, where one close by is certain to be allowed.
Config changed(const Config& defaults) {
  Config result;
  for (const auto& [key, value] : defaults.values()) {
    ConfigValue other = value;
    if (auto* flag = std::get_if<bool>(&other.data)) *flag = !*flag;
    if (auto* integer = std::get_if<int64_t>(&other.data)) *integer += 1;
    if (auto* number = std::get_if<double>(&other.data)) *number *= 0.987654321;
    result.set(key, other);
  }
  return result;
}

void expect_equal(const Config& a, const Config& b) {
  ASSERT_EQ(a.values().size(), b.values().size());
  for (const auto& [key, value] : a.values()) {
    ASSERT_NE(b.find(key), nullptr) << key;
    EXPECT_EQ(b.find(key)->data, value.data) << key;
  }
}

using Resolve = std::function<Config(const Config&)>;

void expect_round_trip(const Resolve& resolve, const std::vector<OptionInfo>& listed) {
  const Config defaults = resolve(Config());
  std::set<std::string> keys;
  for (const auto& option : listed) {
    EXPECT_FALSE(option.help.empty()) << option.key;
    keys.insert(option.key);
  }
  EXPECT_EQ(keys.size(), listed.size());
  EXPECT_EQ(keys.size(), defaults.values().size());
  for (const auto& [key, value] : defaults.values()) EXPECT_TRUE(keys.contains(key)) << key;
  for (const Config& values : {defaults, changed(defaults)}) {
    const Config resolved = resolve(values);
    expect_equal(resolved, values);
    Config read;
    read.read_toml(resolved.to_toml(), "round trip");
    expect_equal(resolve(read), values);
  }
}

TEST(FamilyOptions, SurviveToml) {
  for (const auto& family : families()) {
    EXPECT_FALSE(family.variants.empty()) << family.key;
    EXPECT_FALSE(family.help.empty()) << family.key;
    std::set<std::string> names;
    for (const auto& variant : family.variants) {
      SCOPED_TRACE(family.key + " = " + variant.name);
      EXPECT_FALSE(variant.help.empty());
      EXPECT_TRUE(names.insert(variant.name).second);
      const std::string section = family.section(variant.name);
      expect_round_trip([&](const Config& config) { return variant.resolve(config, section); }, variant.list(section));
    }
  }
}

template <class Options>
void expect_section_round_trip(const std::string& section) {
  SCOPED_TRACE(section);
  const auto resolve = [&](const Config& config) {
    Config resolved;
    write_options(read_options<Options>(config, section), section, resolved);
    return resolved;
  };
  expect_round_trip(resolve, list_options<Options>(section));
}

TEST(SectionOptions, SurviveToml) {
  expect_section_round_trip<DataOptions>("data");
  expect_section_round_trip<NoiseOptions>("noise");
  expect_section_round_trip<DiffusionModelOptions>("model");
  expect_section_round_trip<ObjectiveOptions>("loss");
  expect_section_round_trip<TrainOptions>("train");
  expect_section_round_trip<OptimizerOptions>("train");
  expect_section_round_trip<RuntimeOptions>("runtime");
  expect_section_round_trip<SamplingOptions>("sampling");
}

TEST(FamilyOptions, UnknownNamesSuggestTheNearest) {
  try {
    samplers().make("dpm-solver", Config());
    FAIL() << "no error was thrown";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("dpm-solver++"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("sampling.sampler"), std::string::npos);
  }
}

}  // namespace
}  // namespace difflm::test
