// The written forms of an evaluation: a table to read, JSON to keep, and the samples one by one.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/json_fwd.h"
#include "difflm/evaluation/evaluation.h"

namespace difflm {

// A Markdown table, aligned to be read as it is: one line per metric, one column per row of the report. Samples and held-out text
// carry their intervals; an undefined value is "-". The notes follow.
std::string evaluation_table(const EvaluationReport& report);

// In the shape of lm-evaluation-harness: results.ROW."METRIC,none" and "METRIC_stderr,none", with "METRIC_lower,none" and
// "METRIC_upper,none" added for the 95% interval; higher_is_better is null where the value of held-out text is best; n-samples;
// config. An undefined value is null.
Json evaluation_json(const EvaluationReport& report);

// One JSON line per sample: its "text" and, from each judge there was, its perplexity ("judge_perplexity", "ngram_perplexity": e to
// the nats per token, the end of the text counted).
std::string scored_samples(const std::vector<std::string>& samples, const EvaluationReport& report);

}  // namespace difflm
