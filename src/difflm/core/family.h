// A family of interchangeable parts: an explicit list of variants, chosen by a config key.
//
// A variant is one file: a class with a nested `Options` (see options.h) and a constructor (Options, Dependencies...). It joins
// its family by one line in the family's list:
//     variant<SqrtSchedule>("sqrt", "1 - sqrt(u + 0.0001), the schedule of Diffusion-LM"),
// The options of the chosen variant live below the key's section: `noise.schedule = "sqrt"` reads `noise.sqrt.*`.
// Explicit lists rather than static registration objects, since linking a static archive drops the latter.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/core/options.h"

namespace difflm {

// What `difflm list` and the contract tests need to know about a variant.
struct VariantInfo {
  std::string name;
  std::string help;
  std::string example;  // of a text that the variant reads, empty where it reads none
  std::function<std::vector<OptionInfo>(const std::string& section)> list;
  std::function<Config(const Config&, const std::string& section)> resolve;  // the options with defaults filled in
};

// A family without its interface type.
struct FamilyInfo {
  std::string key;  // the config key that chooses, for instance "noise.schedule"
  std::string help;
  std::vector<VariantInfo> variants;

  // "noise.schedule" + "sqrt" -> "noise.sqrt"
  std::string section(const std::string& variant) const { return key.substr(0, key.rfind('.')) + "." + variant; }

  std::vector<std::string> names() const {
    std::vector<std::string> result;
    result.reserve(variants.size());
    for (const auto& variant : variants) result.push_back(variant.name);
    return result;
  }
};

template <class Interface, class... Dependencies>
class Family {
 public:
  using Make = std::function<std::unique_ptr<Interface>(const Config&, const std::string& section, Dependencies...)>;
  struct Entry {
    VariantInfo info;
    Make make;
  };

  Family(std::string key, std::string help, std::vector<Entry> entries) : entries_(std::move(entries)) {
    info_.key = std::move(key);
    info_.help = std::move(help);
    for (const auto& entry : entries_) info_.variants.push_back(entry.info);
  }

  // The variant called `name`, with its options read from `config`. Throws a usage error that names the nearest variant.
  std::unique_ptr<Interface> make(const std::string& name, const Config& config, Dependencies... dependencies) const {
    for (const auto& entry : entries_) {
      if (entry.info.name == name) return entry.make(config, info_.section(name), dependencies...);
    }
    throw usage_error(info_.key, fmt::format("'{}' is unknown", name), suggestion(name, names()));
  }

  const FamilyInfo& info() const { return info_; }
  std::vector<std::string> names() const { return info_.names(); }

 private:
  std::vector<Entry> entries_;
  FamilyInfo info_;
};

// For a variant without options.
struct NoOptions {
  void describe(OptionVisitor&) {}
};

template <class Variant>
VariantInfo variant_info(std::string name, std::string help, std::string example = "") {
  using Options = typename Variant::Options;
  return {std::move(name), std::move(help), std::move(example),
          [](const std::string& section) { return list_options<Options>(section); },
          [](const Config& config, const std::string& section) {
            Config resolved;
            write_options(read_options<Options>(config, section), section, resolved);
            return resolved;
          }};
}

// A list entry for FamilyType; write it through the family's own short alias.
template <class FamilyType, class Variant>
struct EntryOf;

template <class Interface, class... Dependencies, class Variant>
struct EntryOf<Family<Interface, Dependencies...>, Variant> {
  static typename Family<Interface, Dependencies...>::Entry make(std::string name, std::string help, std::string example) {
    return {variant_info<Variant>(std::move(name), std::move(help), std::move(example)),
            [](const Config& config, const std::string& section, Dependencies... dependencies) -> std::unique_ptr<Interface> {
              return std::make_unique<Variant>(read_options<typename Variant::Options>(config, section), dependencies...);
            }};
  }
};

template <class FamilyType, class Variant>
auto variant(std::string name, std::string help, std::string example = "") {
  return EntryOf<FamilyType, Variant>::make(std::move(name), std::move(help), std::move(example));
}

}  // namespace difflm
