// difflm list [presets | FAMILY | SECTION]
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "difflm/cli/verb.h"
#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/difflm.h"

namespace difflm {
namespace {

void print_settings(const std::vector<SettingFacts>& settings) {
  for (const auto& setting : settings) {
    const std::string choices = setting.choices.empty() ? "" : fmt::format(" ({})", fmt::join(setting.choices, " | "));
    fmt::print("    {:<38} {:<18} {}{}\n", setting.key, setting.standard, setting.help, choices);
  }
}

void print_family(const PartFamily& family, bool details) {
  fmt::print("{}: {}\n", family.key, family.help);
  for (const auto& part : family.parts) {
    fmt::print("  {:<20} {}\n", part.name, part.help);
    if (details) print_settings(part.settings);
  }
}

void print_presets(const std::vector<PresetFacts>& presets) {
  fmt::print("presets: configurations to train with, by name\n");
  for (const auto& preset : presets) fmt::print("  {:<20} {}\n", preset.name, preset.help);
}

bool is_asked_for(const std::string& key, const std::string& name) { return key == name || key.substr(key.rfind('.') + 1) == name; }

void run_list(const std::string& name, bool details) {
  const Catalogue all = catalogue();
  std::vector<std::string> known = {"presets"};
  bool found = false;
  if (name.empty() || name == "presets" || name == "preset") {
    print_presets(all.presets);
    found = true;
  }
  for (const auto& family : all.families) {
    known.push_back(family.key.substr(family.key.rfind('.') + 1));
    if (name.empty() || is_asked_for(family.key, name)) {
      print_family(family, details || !name.empty());
      found = true;
    }
  }
  for (const auto& section : all.sections) {
    if (known.empty() || known.back() != section.name) known.push_back(section.name);
    if ((name.empty() && details) || section.name == name) {
      fmt::print("{}: {}\n", section.name, section.help);
      print_settings(section.settings);
      found = true;
    }
  }
  if (!found) throw usage_error("list", fmt::format("there is no family or section '{}'", name), suggestion(name, known));
  if (name.empty() && !details)
    fmt::print("\n`difflm list NAME` shows the options of one family or section, `difflm list --all` every key\n");
}

}  // namespace

void add_list(CLI::App& app) {
  struct Arguments {
    std::string name;
    bool details = false;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* verb = app.add_subcommand("list", "show the presets, the families of parts, their variants and all configuration keys");
  verb->add_option("family", arguments->name, "presets, or a family or section, for instance schedule or train");
  verb->add_flag("-a,--all", arguments->details, "every option of every variant and section");
  verb->callback([arguments] { run_list(arguments->name, arguments->details); });
}

}  // namespace difflm
