// How the time of a fused training step grows with length, batch, width and vocabulary, one at a time from 6 x 256, 64 x 64 and a
// vocabulary of 800. The sizes of a sweep take turns.
#include <fmt/format.h>

#include <memory>
#include <vector>

#include "bench.h"
#include "trainee.h"

namespace difflm::bench {
namespace {

struct Point {
  int64_t value;  // of what varies
  Size size;
};

struct Sweep {
  std::string name;
  std::vector<Point> points;
};

std::vector<Sweep> sweeps() {
  constexpr int64_t kTokens = 4096;
  std::vector<Sweep> all(4);
  all[0].name = "length";
  for (const int64_t length : {16, 32, 64, 128, 256}) all[0].points.push_back({length, {6, 256, kTokens / length, length}});
  all[1].name = "batch";
  for (const int64_t batch : {1, 4, 16, 64}) all[1].points.push_back({batch, {6, 256, batch, 64}});
  all[2].name = "width";
  for (const int64_t width : {128, 256, 384, 512, 768}) all[2].points.push_back({width, {6, width, 64, 64}});
  all[3].name = "words";
  for (const int64_t words : {500, 2000, 8000, 32000}) all[3].points.push_back({words, {6, 256, 64, 64, words}});
  return all;
}

}  // namespace

void bench_growth(Report& report, const Effort& effort) {
  for (const Sweep& sweep : sweeps()) {
    std::vector<Contestant> contestants;
    for (const Point& point : sweep.points) {
      const auto trainee = std::make_shared<Trainee>(point.size, kFused);
      contestants.push_back({point.size.name(), [trainee] { return seconds_of([&] { trainee->step(); }); }});
    }
    const std::vector<double> seconds = take_turns(contestants, effort);
    for (size_t i = 0; i < seconds.size(); ++i) {
      const auto& [value, size] = sweep.points[i];
      const double microseconds = 1e6 * seconds[i] / static_cast<double>(size.tokens());
      Row row = {"growth of the training step",
                 fmt::format("{} {} ({}, {} words)", sweep.name, value, size.name(), size.vocabulary),
                 "ms",
                 {kFused.name},
                 {1e3 * seconds[i]},
                 fmt::format("{:.2f}x the first, {:.1f} us per token", seconds[i] / seconds.front(), microseconds),
                 {{"sweep", sweep.name}, {"value", value}, {"microseconds_a_token", microseconds}}};
      report.add(row);
    }
  }
}

}  // namespace difflm::bench
