// The answer of a contrast: first against second, paired over seeds, in a number and in words.
#pragma once

#include <string>
#include <vector>

#include "difflm/comparison/results.h"
#include "difflm/comparison/statistics.h"

namespace difflm {

struct Verdict {
  enum class Outcome { first_better, second_better, no_difference, no_answer };

  Contrast contrast;
  Outcome outcome = Outcome::no_answer;
  // Of what is compared: the metric, or its distance to held-out text's own value where that is best.
  PairedDifference difference;  // first - second
  double p_corrected = 1;       // after Holm's correction over all contrasts
  double first = 0;             // mean of the metric itself
  double second = 0;
  double held_out = 0;       // mean of the metric over held-out text
  bool to_held_out = false;  // what is compared is a distance to held-out text
  std::string sentence;
};

// The verdicts of all contrasts. A pair is a seed and a variant of the other axes that both sides have finished; values of several
// other variants and sampling settings are averaged within the seed first, so that the seeds alone count as independent.
// A contrast with fewer than 2 pairs is `no_answer`.
std::vector<Verdict> verdicts(const Results& results);

}  // namespace difflm
