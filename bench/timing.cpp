#include "timing.h"

#include <algorithm>
#include <chrono>

namespace difflm::bench {

double seconds_of(const std::function<void()>& body) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  body();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::vector<double> take_turns(const std::vector<Contestant>& contestants, const Effort& effort) {
  for (const auto& contestant : contestants) contestant.run();
  std::vector<std::vector<double>> seconds(contestants.size());
  double spent = 0;
  for (int round = 0; round < effort.least || (round < effort.most && spent < effort.seconds); ++round) {
    spent += seconds_of([&] {
      for (size_t i = 0; i < contestants.size(); ++i) seconds[i].push_back(contestants[i].run());
    });
  }
  std::vector<double> medians;
  medians.reserve(seconds.size());
  for (auto& values : seconds) medians.push_back(median(std::move(values)));
  return medians;
}

}  // namespace difflm::bench
