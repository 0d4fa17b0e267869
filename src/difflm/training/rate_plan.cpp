#include "difflm/training/rate_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace difflm {
namespace {

constexpr double kClimb = 0.1;        // share of what is left of the budget
constexpr double kNoticeable = 0.01;  // change of the factor

}  // namespace

RatePlan::RatePlan(const TrainOptions& options, std::unique_ptr<LearningRate> schedule)
    : options_(options), schedule_(std::move(schedule)) {
  state_.steps = options.steps;
  state_.minutes = options.minutes;
}

std::string RatePlan::resume(const Progress& saved, double spent, double full) {
  if (saved.rate.steps == options_.steps && saved.rate.minutes == options_.minutes) {
    state_ = saved.rate;
    return "";
  }
  // An older version did not save the rate; that of a finished run is known all the same.
  std::optional<double> before;
  if (saved.rate.factor >= 0) {
    before = saved.rate.factor;
  } else if (saved.finished) {
    before = schedule_->factor(1);
  }
  const double next = schedule_->factor(std::min(1.0, spent));
  if (!before || spent >= 1 || std::abs(next - *before) <= kNoticeable) return "";
  const auto rate = [&](double factor) { return fmt::format("{:.2g}", factor * full); };
  if (next < *before) {
    return fmt::format("the budget is shorter than before: the learning rate falls from {} to {} at once", rate(*before),
                       rate(next));
  }
  std::string how = fmt::format("jumps from {} to {} and follows the schedule of the new budget", rate(*before), rate(next));
  if (options_.resume != "schedule") {
    state_.climb_from = *before;
    state_.climb_at = spent;
    state_.restarted = options_.resume == "restart";
    how = state_.restarted
              ? fmt::format("climbs from {} to {} within a tenth of what is left, over which its schedule begins anew",
                            rate(*before), rate(schedule_->factor(0)))
              : fmt::format("climbs from {} to {} within a tenth of what is left, then follows the schedule of the new budget",
                            rate(*before), rate(schedule_->factor(spent + kClimb * (1 - spent))));
  }
  return fmt::format("the budget is longer than before: the learning rate {} (train.resume={})", how, options_.resume);
}

double RatePlan::scheduled(double spent) const {
  const double share = state_.restarted ? (spent - state_.climb_at) / std::max(1e-12, 1 - state_.climb_at) : spent;
  return schedule_->factor(std::clamp(share, 0.0, 1.0));
}

double RatePlan::factor(int64_t step, double spent) {
  state_.factor = scheduled(spent);
  if (state_.climb_at >= 0) {
    const double climbed = (spent - state_.climb_at) / std::max(1e-12, kClimb * (1 - state_.climb_at));
    state_.factor = std::lerp(state_.climb_from, state_.factor, std::clamp(climbed, 0.0, 1.0));
  }
  const double warm = options_.warmup == 0 ? 1 : static_cast<double>(step + 1) / static_cast<double>(options_.warmup);
  return std::min(1.0, warm) * state_.factor;
}

}  // namespace difflm
