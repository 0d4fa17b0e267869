// difflm list [FAMILY]
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "difflm/cli/verb.h"
#include "difflm/core/error.h"
#include "difflm/settings/catalogue.h"

namespace difflm {
namespace {

void print_options(const std::vector<OptionInfo>& options) {
  for (const auto& option : options) {
    const std::string choices = option.choices.empty() ? "" : fmt::format(" ({})", fmt::join(option.choices, " | "));
    fmt::print("    {:<38} {:<18} {}{}\n", option.key, option.standard, option.help, choices);
  }
}

void print_family(const FamilyInfo& family, bool details) {
  fmt::print("{}: {}\n", family.key, family.help);
  for (const auto& variant : family.variants) {
    fmt::print("  {:<20} {}\n", variant.name, variant.help);
    if (details) print_options(variant.list(family.section(variant.name)));
  }
}

bool is_asked_for(const std::string& key, const std::string& name) { return key == name || key.substr(key.rfind('.') + 1) == name; }

void run_list(const std::string& name, bool details) {
  std::vector<std::string> known;
  bool found = false;
  for (const auto& family : all_families()) {
    known.push_back(family.key.substr(family.key.rfind('.') + 1));
    if (name.empty() || is_asked_for(family.key, name)) {
      print_family(family, details || !name.empty());
      found = true;
    }
  }
  for (const auto& section : all_sections()) {
    if (known.empty() || known.back() != section.name) known.push_back(section.name);
    if ((name.empty() && details) || section.name == name) {
      fmt::print("{}: {}\n", section.name, section.help);
      print_options(section.options);
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
  auto* verb = app.add_subcommand("list", "show the families of parts, their variants and all configuration keys");
  verb->add_option("family", arguments->name, "a family or section, for instance schedule or train");
  verb->add_flag("-a,--all", arguments->details, "every option of every variant and section");
  verb->callback([arguments] { run_list(arguments->name, arguments->details); });
}

}  // namespace difflm
