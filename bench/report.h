// What the benchmarks found: a table on standard output, line by line, and JSON at the end.
//
// Ratios come first in a line: times vary with what else the machine does, ratios of times taken in turn hold.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace difflm::bench {

// What one line of the table measured: a value for each name, first that of the fused kernels.
struct Row {
  std::string section;  // "training step"
  std::string name;     // "6 x 256, 64 x 64"
  std::string unit;     // "ms" or "MiB"
  std::vector<std::string> names;
  std::vector<double> values;
  std::string note;              // printed at the end of the line
  nlohmann::ordered_json facts;  // everything else the JSON should hold
};

class Report {
 public:
  // Prints `row`: the ratio of each other value to the first, and the first value itself.
  void add(const Row& row);

  // What goes with the table: the machine, loss curves.
  void set(const std::string& key, nlohmann::ordered_json value) { result_[key] = std::move(value); }

  const nlohmann::ordered_json& json() const { return result_; }

 private:
  std::string section_;  // of the line printed last
  nlohmann::ordered_json result_ = {{"rows", nlohmann::ordered_json::array()}};
};

}  // namespace difflm::bench
