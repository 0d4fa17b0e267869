// The two written forms of an evaluation: a table to read and JSON to keep.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "difflm/evaluation/evaluation.h"

namespace difflm {

// A Markdown table, aligned to be read as it is: a line a metric, a column a row of the report. Samples and held-out text carry
// their intervals; an undefined value is "-". The notes follow.
std::string evaluation_table(const EvaluationReport& report);

// In the shape of lm-evaluation-harness: results.ROW."METRIC,none" and "METRIC_stderr,none", with "METRIC_lower,none" and
// "METRIC_upper,none" added for the 95% interval; higher_is_better is null where the value of held-out text is best; n-samples;
// config. An undefined value is null.
nlohmann::ordered_json evaluation_json(const EvaluationReport& report);

}  // namespace difflm
