#include "difflm/comparison/groups.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "difflm/comparison/statistics.h"

namespace difflm {
namespace {

Spread spread_of(const std::vector<double>& values) {
  Spread spread;
  spread.seeds = static_cast<int64_t>(values.size());
  if (values.empty()) {
    spread.mean = spread.lower = spread.upper = std::numeric_limits<double>::quiet_NaN();
    return spread;
  }
  if (values.size() == 1) {
    spread.mean = spread.lower = spread.upper = values.front();
    return spread;
  }
  const auto against_zero = paired_difference(values, std::vector<double>(values.size(), 0));
  return {against_zero.mean, against_zero.lower, against_zero.upper, spread.seeds};
}

}  // namespace

Spread Group::over_seeds(const std::string& row, const std::string& metric) const {
  std::vector<double> values;
  for (size_t i = 0; i < runs.size(); ++i) {
    const double value = Results::value(evaluation(i), row, metric);
    if (std::isfinite(value)) values.push_back(value);
  }
  return spread_of(values);
}

Spread Group::over_seeds(const std::string& pointer) const {
  std::vector<double> values;
  const Json::json_pointer place(pointer);
  for (size_t i = 0; i < runs.size(); ++i) {
    const auto& json = evaluation(i);
    if (json.contains(place) && json.at(place).is_number()) values.push_back(json.at(place).get<double>());
  }
  return spread_of(values);
}

std::string name_of(const Choice& choice, const Experiment& experiment) {
  return experiment.axes.size() == 1 ? choice.front().second : text_of(choice);
}

std::string name_of(const Group& group, const Experiment& experiment) {
  const std::string choice = name_of(group.choice, experiment);
  if (experiment.samplings.size() == 1) return experiment.axes.empty() ? "the model" : choice;
  return experiment.axes.empty() ? group.sampling : choice + " / " + group.sampling;
}

std::vector<Group> groups_of(const Results& results) {
  std::vector<Choice> choices;
  for (const auto& run : results.runs) {
    if (std::find(choices.begin(), choices.end(), run.run.choice) == choices.end()) choices.push_back(run.run.choice);
  }
  std::vector<Group> groups;
  for (size_t i = 0; i < choices.size(); ++i) {
    for (const auto& sampling : results.plan.experiment.samplings) {
      Group group = {choices[i], i, sampling.name, {}};
      for (const auto& run : results.runs) {
        if (run.run.choice == choices[i] && run.evaluations.contains(sampling.name)) group.runs.push_back(&run);
      }
      if (!group.runs.empty()) groups.push_back(std::move(group));
    }
  }
  return groups;
}

}  // namespace difflm
