// The sections of report.html, each HTML text; one without anything to show is "".
#pragma once

#include <string>
#include <vector>

#include "difflm/comparison/groups.h"
#include "difflm/comparison/verdict.h"

namespace difflm {

// report_answers.cpp: the question, one sentence per contrast, with its interval drawn.
std::string answers_section(const Results& results, const std::vector<Verdict>& answers);

// report_figures.cpp
std::string frontier_section(const Results& results, const std::vector<Group>& groups);  // quality against diversity and cost
std::string table_section(const Results& results, const std::vector<Group>& groups);     // all metrics, with the controls
std::string cost_section(const Results& results, const std::vector<Group>& groups);

// report_training.cpp
std::string loss_section(const Results& results, const ExperimentFolder& folder);

// report_curves.cpp
std::string rounding_section(const Results& results, const std::vector<Group>& groups);
std::string embedding_section(const Results& results, const std::vector<Group>& groups);

// report_samples.cpp: texts of equal seed side by side, repeated and copied words marked.
std::string samples_section(const Results& results, const std::vector<Group>& groups, const ExperimentFolder& folder);

// report_origins.cpp: configurations, addresses, failures, terms.
std::string origins_section(const Results& results);

}  // namespace difflm
