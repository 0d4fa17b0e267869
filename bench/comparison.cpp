#include "comparison.h"

#include <fmt/format.h>

#include "difflm/core/error.h"
#include "machine.h"

namespace difflm::bench {

double Comparison::difference() const {
  const Tensor reference = bodies_.back().run();
  if (!reference.defined()) return -1;
  const Tensor first = bodies_.front().run();
  const torch::NoGradGuard no_grad;
  return (first - reference).norm().item<double>() / reference.norm().item<double>();
}

void Comparison::run(Report& report, const Effort& effort) {
  constexpr double kBfloat16 = 0.05;
  Row row = {section_, name_, "ms", {}, {}, "", facts_};
  if (const double different = difference(); different >= 0) {
    if (!(different < kBfloat16))
      throw failure("bench", fmt::format("{}, {}: results differ by {:.3g}", section_, name_, different));
    row.facts["relative_difference"] = different;
    row.note = fmt::format("differs by {:.1e}", different);
  }
  std::vector<Contestant> contestants;
  for (const auto& body : bodies_) {
    contestants.push_back({body.name, [&body] { return seconds_of([&] { body.run(); }); }});
  }
  if (operations_ > 0) contestants.push_back(peak_contestant());
  const std::vector<double> seconds = take_turns(contestants, effort);
  for (size_t i = 0; i < bodies_.size(); ++i) {
    row.names.push_back(bodies_[i].name);
    row.values.push_back(1e3 * seconds[i]);
  }
  const auto note = [&](const std::string& text) { row.note = row.note.empty() ? text : text + ", " + row.note; };
  if (operations_ > 0) {
    const double peak = peak_operations() / seconds.back();
    const double share = operations_ / seconds.front() / peak;
    row.facts["gflop"] = operations_ / 1e9;
    row.facts["peak_gflops"] = peak / 1e9;
    row.facts["share_of_peak"] = share;
    note(fmt::format("{:.0f}% of {:.2f} TFLOP/s", 100 * share, peak / 1e12));
  }
  if (bytes_ > 0) {
    row.facts["gb_per_second"] = bytes_ / seconds.front() / 1e9;
    note(fmt::format("{:.1f} GB/s", bytes_ / seconds.front() / 1e9));
  }
  report.add(row);
}

}  // namespace difflm::bench
