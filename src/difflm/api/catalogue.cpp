// What there is: presets, settings, parts and wishes, in plain types.
#include "difflm/settings/catalogue.h"

#include <cmath>

#include "difflm/api/guarded.h"
#include "difflm/settings/presets.h"
#include "difflm/steering/guide.h"

namespace difflm {
namespace {

std::optional<double> limit(double value) { return std::isfinite(value) ? std::optional(value) : std::nullopt; }

std::vector<SettingFacts> to_facts(const std::vector<OptionInfo>& options) {
  std::vector<SettingFacts> facts;
  for (const auto& option : options) {
    facts.push_back({option.key, option.type, option.standard, option.help, limit(option.limits.least), limit(option.limits.most),
                     option.choices});
  }
  return facts;
}

PartFamily to_facts(const FamilyInfo& family) {
  PartFamily facts = {family.key, family.help, {}};
  for (const auto& variant : family.variants) {
    facts.parts.push_back({variant.name, variant.help, to_facts(variant.list(family.section(variant.name)))});
  }
  return facts;
}

}  // namespace

Catalogue catalogue() {
  return guarded([] {
    Catalogue result;
    for (const auto& preset : presets()) result.presets.push_back({preset.name, preset.help, preset.file});
    for (const auto& section : all_sections()) result.sections.push_back({section.name, section.help, to_facts(section.options)});
    for (const auto& family : all_families()) result.families.push_back(to_facts(family));
    const FamilyInfo& wishes = guides().info();
    for (const auto& guide : wishes.variants) {
      result.wishes.push_back({guide.name, guide.help, guide.example, to_facts(guide.list(wishes.section(guide.name)))});
    }
    return result;
  });
}

}  // namespace difflm
