// Options that describe themselves: one list of fields serves reading, writing, help and error messages.
//
// A struct of options has plain members with their defaults and one function
//     void describe(OptionVisitor& visitor) { visitor.field("width", width, "size of the hidden state", {1, 16384}); }
// that names each member once. The visitors below read them from a Config, write them to one, or list them.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "difflm/core/config.h"

namespace difflm {

struct Limits {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

class OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;
  virtual void field(std::string_view name, bool& value, std::string_view help) = 0;
  virtual void field(std::string_view name, int64_t& value, std::string_view help, Limits limits = {}) = 0;
  virtual void field(std::string_view name, double& value, std::string_view help, Limits limits = {}) = 0;
  virtual void field(std::string_view name, std::string& value, std::string_view help) = 0;
  virtual void field(std::string_view name, std::vector<std::string>& value, std::string_view help) = 0;
  // A text that must be one of `allowed`, for instance the name of a variant.
  virtual void choice(std::string_view name, std::string& value, std::string_view help,
                      const std::vector<std::string>& allowed) = 0;
};

// Sets each field from `section.name` where the configuration has that key; throws a usage error on a wrong type, a number
// outside its limits or an unknown choice, naming the place where the value was set.
class OptionReader : public OptionVisitor {
 public:
  OptionReader(const Config& config, std::string section) : config_(config), section_(std::move(section)) {}
  void field(std::string_view name, bool& value, std::string_view help) override;
  void field(std::string_view name, int64_t& value, std::string_view help, Limits limits) override;
  void field(std::string_view name, double& value, std::string_view help, Limits limits) override;
  void field(std::string_view name, std::string& value, std::string_view help) override;
  void field(std::string_view name, std::vector<std::string>& value, std::string_view help) override;
  void choice(std::string_view name, std::string& value, std::string_view help, const std::vector<std::string>& allowed) override;

 private:
  const Config& config_;
  std::string section_;
};

// Writes each field as `section.name`.
class OptionWriter : public OptionVisitor {
 public:
  OptionWriter(Config& config, std::string section) : config_(config), section_(std::move(section)) {}
  void field(std::string_view name, bool& value, std::string_view help) override;
  void field(std::string_view name, int64_t& value, std::string_view help, Limits limits) override;
  void field(std::string_view name, double& value, std::string_view help, Limits limits) override;
  void field(std::string_view name, std::string& value, std::string_view help) override;
  void field(std::string_view name, std::vector<std::string>& value, std::string_view help) override;
  void choice(std::string_view name, std::string& value, std::string_view help, const std::vector<std::string>& allowed) override;

 private:
  void write(std::string_view name, ConfigValue::Data data);
  Config& config_;
  std::string section_;
};

struct OptionInfo {
  std::string key;       // with its section
  std::string type;      // "a truth value", "an integer", ...: type_name of config.h
  std::string standard;  // the default, as TOML
  std::string help;
  Limits limits = {};                     // of a number
  std::vector<std::string> choices = {};  // of a text that must be one of them
};

// Collects the description of each field.
class OptionLister : public OptionVisitor {
 public:
  explicit OptionLister(std::string section) : section_(std::move(section)) {}
  void field(std::string_view name, bool& value, std::string_view help) override;
  void field(std::string_view name, int64_t& value, std::string_view help, Limits limits) override;
  void field(std::string_view name, double& value, std::string_view help, Limits limits) override;
  void field(std::string_view name, std::string& value, std::string_view help) override;
  void field(std::string_view name, std::vector<std::string>& value, std::string_view help) override;
  void choice(std::string_view name, std::string& value, std::string_view help, const std::vector<std::string>& allowed) override;

  const std::vector<OptionInfo>& options() const { return options_; }

 private:
  void add(std::string_view name, const ConfigValue::Data& value, std::string standard, std::string_view help, Limits limits = {},
           std::vector<std::string> choices = {});
  std::string section_;
  std::vector<OptionInfo> options_;
};

// The options of a section: as set in the configuration, defaults elsewhere.
template <class Options>
Options read_options(const Config& config, const std::string& section) {
  Options options;
  OptionReader reader(config, section);
  options.describe(reader);
  return options;
}

template <class Options>
void write_options(Options options, const std::string& section, Config& config) {
  OptionWriter writer(config, section);
  options.describe(writer);
}

template <class Options>
std::vector<OptionInfo> list_options(const std::string& section) {
  Options options;
  OptionLister lister(section);
  options.describe(lister);
  return lister.options();
}

}  // namespace difflm
