// Peak memory of training: each way trains in a separate process, whose high-water mark the kernel keeps (VmHWM). Besides the raw
// mark, the report has what the model added to the mark that the process had before it was built.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "bench.h"
#include "difflm/core/error.h"
#include "machine.h"
#include "trainee.h"

namespace difflm::bench {
namespace {

double high_water_mark() {  // MiB
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  throw failure("bench", "/proc/self/status has no VmHWM");
}

// What `difflm_bench memory WAY LAYERS WIDTH` prints.
nlohmann::json measure(const Way& way, const Size& size) {
  std::array<char, 4096> path = {};
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  if (length < 0) throw failure("bench", "/proc/self/exe cannot be read");
  const std::string command = fmt::format("'{}' memory '{}' {} {}", path.data(), way.name, size.layers, size.width);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> child(::popen(command.c_str(), "r"), ::pclose);
  if (!child) throw failure("bench", "cannot start " + command);
  std::string text;
  std::array<char, 256> part = {};
  while (std::fgets(part.data(), static_cast<int>(part.size()), child.get()) != nullptr) text += part.data();
  const auto result = nlohmann::json::parse(text, nullptr, false);
  if (!result.is_object()) throw failure("bench", command + " did not print its memory");
  return result;
}

}  // namespace

int print_memory(const std::string& way, int64_t layers, int64_t width) {
  const auto found = std::find_if(ways().begin(), ways().end(), [&](const Way& one) { return one.name == way; });
  if (found == ways().end()) {
    throw usage_error("memory", fmt::format("there is no way '{}'", way), "fused, 'eager bfloat16' or 'eager float32'");
  }
  constexpr int kSteps = 3;  // more do not change the mark
  use_threads(0);
  const double before = high_water_mark();
  Trainee trainee({layers, width, 64, 64}, *found);
  for (int i = 0; i < kSteps; ++i) trainee.step();
  fmt::print("{}\n", nlohmann::json{{"before", before}, {"peak", high_water_mark()}}.dump());
  return 0;
}

void bench_memory(Report& report, const Effort& effort) {
  const Size size = effort.least < Effort().least ? Size{4, 256} : Size{12, 768};
  Row added = {"peak memory of training", size.name() + ", without the bare process", "MiB", {}, {}, "", {}};
  Row raw = {"peak memory of training", size.name() + ", whole process", "MiB", {}, {}, "", {}};
  for (const Way& way : ways()) {
    const auto result = measure(way, size);
    const auto peak = result["peak"].get<double>();
    for (Row* row : {&added, &raw}) row->names.push_back(way.name);
    added.values.push_back(peak - result["before"].get<double>());
    raw.values.push_back(peak);
  }
  report.add(added);
  report.add(raw);
}

}  // namespace difflm::bench
