// The learning rate of a run over all its sittings: warm-up, schedule, and what a longer budget does to it.
//
// A schedule is a function of the share of the budget that is spent. A finished run whose budget is doubled is suddenly at one half
// of it, and along a cosine its rate would jump from 0 to half. So, by train.resume, the rate climbs there within a tenth of what
// is left ("rewarm"; Gupta et al. 2023, Ibrahim et al. 2024: re-warming and re-decaying), or climbs to the full rate and begins its
// schedule anew for what is left ("restart"; SGDR, Loshchilov & Hutter 2017), or jumps ("schedule"), which gives the run that had
// the longer budget from the start. A budget that stays as it is changes nothing.
#pragma once

#include <memory>
#include <string>

#include "difflm/model/progress.h"
#include "difflm/training/trainer.h"

namespace difflm {

class RatePlan {
 public:
  RatePlan(const TrainOptions& options, std::unique_ptr<LearningRate> schedule);

  // Goes on where the last sitting has left off, with `spent` of the budget spent. Returns a line for the user where the rate
  // changes because the budget has; `full` is the learning rate that a factor of 1 stands for.
  std::string resume(const Progress& saved, double spent, double full);

  // The factor of the learning rate for update `step` (from 0).
  double factor(int64_t step, double spent);

  const RateState& state() const { return state_; }  // to be saved

 private:
  double scheduled(double spent) const;

  TrainOptions options_;
  std::unique_ptr<LearningRate> schedule_;
  RateState state_;
};

}  // namespace difflm
