// The finished evaluations grouped by what they evaluate: a choice and a sampling setting, over its seeds.
#pragma once

#include <string>
#include <vector>

#include "difflm/comparison/results.h"

namespace difflm {

struct Spread {
  double mean = 0;
  double lower = 0;  // 95% interval of the mean over seeds; the mean itself where there is one seed
  double upper = 0;
  int64_t seeds = 0;
};

struct Group {
  Choice choice;
  size_t choice_index = 0;  // among all choices, in the order of the plan
  std::string sampling;
  std::vector<const RunResult*> runs;  // at least one

  const Json& evaluation(size_t run) const { return runs[run]->evaluations.at(sampling); }

  // Of a metric over the seeds that have it; NaN without any.
  Spread over_seeds(const std::string& row, const std::string& metric) const;

  // Of a number in the evaluation, for instance "/model/cost/parameters".
  Spread over_seeds(const std::string& pointer) const;
};

// Names are short where they can be: the axis is left out where there is one, the setting where there is one.
std::string name_of(const Group& group, const Experiment& experiment);
std::string name_of(const Choice& choice, const Experiment& experiment);

// Choice by choice, setting by setting; those with a finished run.
std::vector<Group> groups_of(const Results& results);

}  // namespace difflm
