// The learning rate over several sittings: without a jump where the budget has become longer, and untouched where it has not.
#include "difflm/training/rate_plan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace difflm::test {
namespace {

class PlannedRun {
 public:
  PlannedRun(int64_t steps, const std::string& resume) {
    options_.steps = steps;
    options_.warmup = 0;
    options_.resume = resume;
    Config config;
    config.read_override("train.cosine.last=0");
    plan_ = std::make_unique<RatePlan>(options_, learning_rates().make("cosine", config));
  }

  // The factors of updates from `first` to the end of the budget, or to `stop`.
  std::vector<double> run(int64_t first, int64_t stop = 1 << 20) {
    std::vector<double> factors;
    for (int64_t step = first; step < std::min(options_.steps, stop); ++step) factors.push_back(plan_->factor(step, spent(step)));
    return factors;
  }

  std::string resume(const RateState& rate, int64_t step, bool finished) {
    Progress saved;
    saved.step = step;
    saved.finished = finished;
    saved.rate = rate;
    return plan_->resume(saved, spent(step), 1e-3);
  }

  RateState state() const { return plan_->state(); }

 private:
  double spent(int64_t step) const { return static_cast<double>(step) / static_cast<double>(options_.steps); }

  TrainOptions options_;
  std::unique_ptr<RatePlan> plan_;
};

double cosine(double spent) { return 0.5 * (1 + std::cos(std::numbers::pi * spent)); }

TEST(RatePlan, ALongerBudgetClimbsToItsScheduleWithoutAJump) {
  PlannedRun first(40, "rewarm");
  EXPECT_NEAR(first.run(0).back(), cosine(39.0 / 40), 1e-12);
  PlannedRun second(80, "rewarm");
  const std::string said = second.resume(first.state(), 40, true);
  EXPECT_NE(said.find("longer"), std::string::npos) << said;
  EXPECT_NE(said.find("train.resume=rewarm"), std::string::npos) << said;
  const auto factors = second.run(40);
  EXPECT_NEAR(factors[0], cosine(39.0 / 40), 1e-9);
  for (size_t i = 1; i < factors.size(); ++i) EXPECT_LT(std::abs(factors[i] - factors[i - 1]), 0.13) << i;
  for (size_t i = 4; i < factors.size(); ++i) EXPECT_NEAR(factors[i], cosine((40.0 + static_cast<double>(i)) / 80), 1e-9) << i;
}

TEST(RatePlan, RestartBeginsTheScheduleAnewForWhatIsLeft) {
  PlannedRun first(40, "restart");
  first.run(0);
  PlannedRun second(80, "restart");
  EXPECT_NE(second.resume(first.state(), 40, true).find("anew"), std::string::npos);
  const auto factors = second.run(40);
  EXPECT_NEAR(factors[0], cosine(39.0 / 40), 1e-9);
  EXPECT_NEAR(factors[4], cosine(0.1), 1e-9);
  EXPECT_NEAR(factors[39], cosine(39.0 / 40), 1e-9);
}

TEST(RatePlan, ScheduleIsTheRunThatHadTheBudgetFromTheStart) {
  PlannedRun first(40, "schedule");
  first.run(0);
  PlannedRun second(80, "schedule");
  const std::string said = second.resume(first.state(), 40, true);
  EXPECT_NE(said.find("jumps from 1.5e-06 to 0.0005"), std::string::npos) << said;
  EXPECT_NEAR(second.run(40)[0], cosine(0.5), 1e-12);
}

// A run that is killed while it climbs goes on climbing.
TEST(RatePlan, TheSameBudgetChangesNothing) {
  for (const std::string resume : {"rewarm", "restart", "schedule"}) {
    PlannedRun first(40, resume);
    first.run(0);
    PlannedRun whole(80, resume);
    whole.resume(first.state(), 40, true);
    const auto expected = whole.run(40);
    PlannedRun part(80, resume);
    part.resume(first.state(), 40, true);
    part.run(40, 42);
    PlannedRun rest(80, resume);
    EXPECT_EQ(rest.resume(part.state(), 42, false), "");
    const auto factors = rest.run(42);
    for (size_t i = 0; i < factors.size(); ++i) EXPECT_EQ(factors[i], expected[i + 2]) << resume << " " << i;
  }
}

TEST(RatePlan, AStateOfAnOlderVersionIsUnderstood) {
  PlannedRun finished(80, "rewarm");
  EXPECT_NE(finished.resume({}, 40, true), "");
  EXPECT_NEAR(finished.run(40)[0], 0, 1e-12) << "the end of the cosine";
  PlannedRun killed(80, "rewarm");
  EXPECT_EQ(killed.resume({}, 40, false), "");
  EXPECT_NEAR(killed.run(40)[0], cosine(0.5), 1e-12);
}

TEST(RatePlan, AShorterBudgetIsSaid) {
  PlannedRun first(80, "rewarm");
  first.run(0, 20);
  PlannedRun second(40, "rewarm");
  EXPECT_NE(second.resume(first.state(), 20, false).find("falls from"), std::string::npos);
  EXPECT_NEAR(second.run(20)[0], cosine(0.5), 1e-12);
}

}  // namespace
}  // namespace difflm::test
