#include "difflm/diffusion/time_sampling.h"

#include "difflm/diffusion/time_sampling/bell.h"
#include "difflm/diffusion/time_sampling/stratified.h"
#include "difflm/diffusion/time_sampling/uniform.h"

namespace difflm {

const TimeSamplingFamily& time_samplings() {
  using F = TimeSamplingFamily;
  static const F family(
      "noise.times", "how training draws noise levels",
      {
          variant<F, UniformTimes>("uniform", "independent and uniform (Diffusion-LM)"),
          variant<F, StratifiedTimes>("stratified", "one in each of B equal parts of [0,1]: less variance (Plaid)"),
          variant<F, BellTimes>("bell", "stratified, those in the middle more often"),
      });
  return family;
}

}  // namespace difflm
