// Wishes that are labels: "food=Italian", or several, "food=Italian, area=riverside".
#pragma once

#include <string>
#include <vector>

#include "difflm/steering/guide_resources.h"
#include "difflm/text/label.h"

namespace difflm {

// Their indices in `labels`, which are all that can be wished for. Throws a usage error, for `option`, for anything else.
std::vector<int64_t> read_wished_labels(const std::string& wish, const std::vector<Label>& labels, const std::string& option);

// Throws a usage error, for `option`, where the texts of `run` have no fields, so that none can be wished for.
void check_has_fields(const Run& run, GuideResources& resources, const std::string& option);

// Whether the text has all of `wanted`, indices in `labels`.
bool has_labels(const Document& document, const std::vector<int64_t>& wanted, const std::vector<Label>& labels);

}  // namespace difflm
