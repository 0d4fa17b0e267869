// A configuration: dotted keys with values, each remembering where it was set.
//
// Precedence is the order of calls: defaults < files < `key=value` settings. The tree of a TOML file is
// flattened, so `[noise] schedule = "sqrt"` is the key `noise.schedule`.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace difflm {

struct ConfigValue {
  using Data = std::variant<bool, int64_t, double, std::string, std::vector<std::string>, std::vector<double>>;
  Data data;
  std::string origin;  // "configs/e2e.toml:12", "settings", "default"
};

class Config {
 public:
  // Adds the keys of a TOML file, which replace those already set. `include = "other.toml"` (relative to the file) is read first.
  // Throws a usage error with file, line and column on bad syntax or values no option can have (dates, nested arrays).
  void read_file(const std::string& path);
  void read_toml(std::string_view text, const std::string& origin);

  // One `key=value` setting. The value is TOML where it parses as TOML, else a plain string, so `data.path=x.txt` needs no quotes.
  void read_override(std::string_view word);

  void set(const std::string& key, ConfigValue value) { values_[key] = std::move(value); }
  const ConfigValue* find(const std::string& key) const;
  const std::map<std::string, ConfigValue>& values() const { return values_; }

  // The keys below `prefix.`, with the prefix cut off.
  Config section(const std::string& prefix) const;

  // TOML text that `read_toml` reads back to the same values.
  std::string to_toml() const;

 private:
  std::map<std::string, ConfigValue> values_;
};

// "an integer", "a text", ... for messages.
std::string type_name(const ConfigValue::Data& data);

}  // namespace difflm
