// The runs of an experiment, each identified by what it is: the address of a run is a hash of its resolved configuration, of the
// corpus it trains on and of the version of difflm. So the same run is never made twice, not even for another experiment in the
// same folder.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "difflm/comparison/experiment.h"

namespace difflm {

struct PlannedRun {
  std::string address;  // 16 hexadecimal digits
  Choice choice;        // a variant of each axis
  int64_t seed = 0;
  Config config;  // resolved
};

// Arguments as `difflm train` takes them -> the resolved configuration, all defaults filled in.
using ReadOverrides = std::function<Config(const std::vector<std::string>& overrides)>;

// A hash of the corpus that a resolved configuration names.
using CorpusHash = std::function<uint64_t(const Config& config)>;

// All runs, seed by seed. Throws a usage error where two runs are the same, and where runs are on unequal terms (another corpus,
// split, tokenizer, length or budget) unless the experiment says why that is allowed.
std::vector<PlannedRun> plan_runs(const Experiment& experiment, const ReadOverrides& read_overrides, const CorpusHash& corpus_hash,
                                  const std::string& version);

}  // namespace difflm
