#include "report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "way.h"

namespace difflm::bench {
namespace {

// The ratio of the value of `name` to the first one, "-" where it was not measured.
std::string ratio_of(const Row& row, const std::string& name) {
  const auto found = std::find(row.names.begin(), row.names.end(), name);
  if (found == row.names.end()) return "-";
  return fmt::format("{:.2f}x", row.values[static_cast<size_t>(found - row.names.begin())] / row.values.front());
}

}  // namespace

void Report::add(const Row& row) {
  if (result_["rows"].empty()) {
    fmt::print("{:<44} {:>14} {:>14} {:>15}\n", "", kEagerBfloat16.name, kEagerFloat32.name, kFused.name);
  }
  if (row.section != section_) fmt::print("{}\n", row.section);
  section_ = row.section;
  fmt::print("  {:<42} {:>14} {:>14} {:>15}  {}\n", row.name, ratio_of(row, kEagerBfloat16.name), ratio_of(row, kEagerFloat32.name),
             fmt::format("{:.4g} {}", row.values.front(), row.unit), row.note);
  std::fflush(stdout);

  nlohmann::ordered_json entry = {{"section", row.section}, {"name", row.name}, {"unit", row.unit}};
  for (size_t i = 0; i < row.values.size(); ++i) {
    entry["values"][row.names[i]] = row.values[i];
    if (i > 0) entry["ratios"][row.names[i]] = row.values[i] / row.values.front();
  }
  if (!row.facts.is_null()) entry.update(row.facts);
  result_["rows"].push_back(std::move(entry));
}

}  // namespace difflm::bench
