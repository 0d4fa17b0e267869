// Times of several contestants for the same work, taken in turn.
//
// A shared machine is now fast and now slow. Contestants that take turns meet the same conditions, so the ratio of their medians
// holds where the times themselves do not.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace difflm::bench {

struct Contestant {
  std::string name;
  std::function<double()> run;  // does the work once; returns its seconds
};

// How long to continue: at least `least` rounds, then until `most` rounds or `seconds` are spent. A round of warm-up comes before
// them.
struct Effort {
  int least = 5;
  int most = 25;
  double seconds = 12;
  static Effort quick() { return {2, 2, 0}; }
};

double seconds_of(const std::function<void()>& body);

double median(std::vector<double> values);

// Median seconds of each contestant, in their order. The first round is not counted: it makes machine code and buffers.
std::vector<double> take_turns(const std::vector<Contestant>& contestants, const Effort& effort);

}  // namespace difflm::bench
