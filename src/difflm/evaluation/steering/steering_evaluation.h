// How well a model is steered: of each kind of task, how many texts fulfil their wishes, what that costs in fluency, variety and
// time, and how many unsteered texts would have done so by chance.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "difflm/core/json_fwd.h"
#include "difflm/evaluation/metric.h"
#include "difflm/evaluation/steering/steering_task.h"
#include "difflm/evaluation/steering/text_rule.h"

namespace difflm {

// Texts of one kind of task, or of none ("unsteered").
struct SteeringFigures {
  std::string kind;
  size_t targets = 0;
  size_t texts = 0;
  double judged = 1;  // share of the texts that a rule can judge

  // Share of the judged texts that fulfil all wishes, a tree by its F1, tags that a parser judges by the
  // share of words: mean over targets, interval over targets. NaN: unsteered.
  MetricValue success;
  double by_chance = 0;         // the same for unsteered texts
  double wholly_by_chance = 0;  // share of all unsteered texts that can be judged and fulfil all wishes wholly

  // distinct-2, unigram_entropy, judge_perplexity (with a judge), grammatical (builtin corpus): of these texts, and of as many
  // unsteered ones, since variety falls with the number of texts.
  std::map<std::string, MetricValue> metrics;
  std::map<std::string, MetricValue> unsteered;

  // The same for the unsteered texts in which the words given by the wishes replace their own, a control: the variety left where
  // words are given, paid for in sense. Empty where no words are given.
  std::map<std::string, MetricValue> written_over;
  double seconds = 0;  // per text
  SteeringCost cost;   // per text
};

struct JudgedText {
  size_t task = 0;
  std::string text;
  std::optional<double> fulfilment;  // of all wishes, 0 to 1; nothing where it cannot be judged
};

struct SteeringReport {
  SteeringFigures unsteered;
  std::vector<SteeringFigures> kinds;  // in the order of their first task
  std::vector<JudgedText> texts;
};

struct SteeringPlan {
  std::vector<SteeringTask> tasks;
  int64_t count = 20;  // texts per task
  uint64_t seed = 1;
};

// Makes the texts of each task and as many unsteered ones with the same seeds. `progress` is called with the number of finished
// tasks; if it returns false, the evaluation stops with an empty report. Throws a usage error, before any text is begun, for a wish
// that cannot be fulfilled or judged.
SteeringReport evaluate_steering(Run& run, const SamplingOptions& sampling, const SteeringOptions& options,
                                 const SteeringPlan& plan, const TextRule& rule, const Judge* judge,
                                 const std::function<bool(size_t done, size_t count)>& progress);

// The report as a table in Markdown.
std::string steering_table(const SteeringReport& report);

// The figures and the tasks.
Json steering_json(const SteeringReport& report, const SteeringPlan& plan);

// The steered texts as JSON lines, each with its wishes and whether they hold.
std::string steering_texts(const SteeringReport& report, const SteeringPlan& plan);

}  // namespace difflm
