// Noise levels drawn with probability proportional to the root mean square loss seen there, reweighted so that the expectation is
// that of uniform times (Nichol & Dhariwal 2021, arXiv 2102.09672, section 3.3), over bins of u instead of single steps.
#pragma once

#include <algorithm>
#include <cmath>

#include "difflm/diffusion/time_sampling.h"

namespace difflm {

class ImportanceTimes : public TimeSampling {
 public:
  struct Options {
    int64_t bins = 50;
    double memory = 0.95;
    double uniform = 0.1;
    void describe(OptionVisitor& visitor) {
      visitor.field("bins", bins, "parts of [0,1] with a loss of their own", {2, 1000});
      visitor.field("memory", memory, "weight of the past in each bin's running mean square", {0, 0.9999});
      visitor.field("uniform", uniform, "share of uniform draws, so that no bin is forgotten", {0.001, 1});
    }
  };

  explicit ImportanceTimes(const Options& options) : options_(options), squares_(static_cast<size_t>(options.bins), -1) {}

  TimeDraw draw(int64_t batch, RandomStream& random) const override {
    const std::vector<double> probability = probabilities();
    TimeDraw draw;
    for (int64_t i = 0; i < batch; ++i) {
      double rest = random.uniform();
      size_t bin = 0;
      while (bin + 1 < probability.size() && rest >= probability[bin]) rest -= probability[bin++];
      const auto count = static_cast<double>(probability.size());
      draw.u.push_back((static_cast<double>(bin) + 1 - random.uniform()) / count);
      draw.weight.push_back(1 / (count * probability[bin]));
    }
    return draw;
  }

  void observe(const std::vector<double>& u, const std::vector<double>& loss) override {
    for (size_t i = 0; i < u.size(); ++i) {
      const auto position = static_cast<int64_t>(std::ceil(u[i] * static_cast<double>(options_.bins))) - 1;
      double& square = squares_[static_cast<size_t>(std::clamp<int64_t>(position, 0, options_.bins - 1))];
      const double now = loss[i] * loss[i];
      square = square < 0 ? now : options_.memory * square + (1 - options_.memory) * now;
    }
  }

  std::vector<double> state() const override { return squares_; }
  void restore(const std::vector<double>& state) override {
    if (state.size() == squares_.size()) squares_ = state;
  }

 private:
  // Uniform until every bin has been seen.
  std::vector<double> probabilities() const {
    const double even = 1 / static_cast<double>(squares_.size());
    std::vector<double> result(squares_.size(), even);
    double total = 0;
    for (const double square : squares_) {
      if (square < 0) return result;
      total += std::sqrt(square);
    }
    if (total <= 0) return result;
    for (size_t i = 0; i < result.size(); ++i) {
      result[i] = (1 - options_.uniform) * std::sqrt(squares_[i]) / total + options_.uniform * even;
    }
    return result;
  }

  Options options_;
  std::vector<double> squares_;  // running mean square loss of each bin, -1 before the first
};

}  // namespace difflm
