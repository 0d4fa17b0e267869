// How much of a corpus its vocabulary leaves out. Unknown words teach a model nothing and are never written (sampling/ruled_out.h),
// so a text with many of them is learned with holes: up to a small share that is said, above it nothing is trained.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/config.h"
#include "difflm/data/corpus_facts.h"
#include "difflm/text/document.h"

namespace difflm {

double unknown_share(const SideFacts& side);

// Throws a usage error where more than `most` (data.most_unknown) is unknown to a vocabulary made by the tokenizer `kind`. It names
// the share that each tokenizer leaves unknown of `training`, with the options that `config` has.
void check_unknown_share(const SideFacts& facts, double most, const std::string& kind, const std::vector<Document>& training,
                         const Config& config);

}  // namespace difflm
