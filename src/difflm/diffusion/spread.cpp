#include "difflm/diffusion/spread.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/core/error.h"
#include "difflm/diffusion/spread/even.h"
#include "difflm/diffusion/spread/front.h"
#include "difflm/diffusion/spread/independent.h"

namespace difflm {

const SpreadFamily& spreads() {
  using F = SpreadFamily;
  static const F family("noise.spread", "how a noise time spreads over the positions of a sequence",
                        {
                            variant<F, EvenSpread>("even", "the same level everywhere (Diffusion-LM)"),
                            variant<F, FrontSpread>("front", "a front from left to right, its width drawn (AR-Diffusion)"),
                            variant<F, IndependentSpread>("independent", "each position a level of its own (Diffusion Forcing)"),
                        });
  return family;
}

FrontSpread::FrontSpread(const Options& options) : options_(options) {
  if (options.longest >= options.shortest) return;
  throw usage_error("noise.front",
                    fmt::format("longest is {:g}, expected at least shortest, {:g}", options.longest, options.shortest));
}

std::vector<double> front_levels(double u, int64_t length, double window) {
  std::vector<double> levels;
  levels.reserve(static_cast<size_t>(length));
  const double front = (1 - u) * (static_cast<double>(length - 1) + window);
  for (int64_t i = 0; i < length; ++i) levels.push_back(std::clamp(1 - (front - static_cast<double>(i)) / window, 0.0, 1.0));
  return levels;
}

}  // namespace difflm
