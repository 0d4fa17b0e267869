#include "difflm/diffusion/schedule.h"

#include "difflm/diffusion/schedule/cosine.h"
#include "difflm/diffusion/schedule/linear.h"
#include "difflm/diffusion/schedule/log_linear.h"
#include "difflm/diffusion/schedule/sqrt.h"

namespace difflm {

const ScheduleFamily& schedules() {
  using F = ScheduleFamily;
  static const F family("noise.schedule", "how fast the signal falls with u",
                        {
                            variant<F, SqrtSchedule>("sqrt", "1 - sqrt(u + 0.0001): much noise early (Diffusion-LM)"),
                            variant<F, CosineSchedule>("cosine", "cos^2: slow at both ends (Nichol & Dhariwal 2021)"),
                            variant<F, LinearSchedule>("linear", "beta grows linearly (Ho et al. 2020)"),
                            variant<F, LogLinearSchedule>("log-linear", "1 - u: for masks (Sahoo et al. 2024)"),
                        });
  return family;
}

}  // namespace difflm
