// An experiment: a question, a base configuration, axes of named variants, seeds, sampling settings, and the paired contrasts that
// answer the question. Read from a TOML file:
//
//     question = "Does learned rounding beat the nearest word?"
//     base = ["difflm", "data.corpus=builtin", "train.steps=500"]     # as `difflm train` takes them
//     seeds = [1, 2, 3]
//     samples = 500                                                    # texts of every run and sampling setting
//     metrics = ["ngram_perplexity"]                                   # of `difflm eval`; empty: all
//     smoke = ["train.steps=5"]                                        # optional: what makes it tiny
//
//     [axis.rounding]                                                  # each key a variant: what it changes
//     softmax = []
//     nearest = ["model.rounding=nearest"]
//
//     [sampling]                                                       # optional; each key a setting
//     few = ["sampling.steps=20"]
//     many = ["sampling.steps=100"]
//
//     [contrast.main]                                                  # first against second, all else equal
//     first = "rounding=softmax"
//     second = "rounding=nearest"                                      # "sampling=many" may be used here too
//     metric = "ngram_perplexity"
//
// Every combination of one variant of each axis with each seed is a run.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "difflm/core/config.h"

namespace difflm {

// A named list of key=value overrides.
struct Variant {
  std::string name;
  std::vector<std::string> overrides;
};

struct Axis {
  std::string name;
  std::vector<Variant> variants;  // by name
};

// One variant of each axis it names: ("rounding", "softmax").
using Choice = std::vector<std::pair<std::string, std::string>>;

// The name by which a contrast refers to sampling settings, as if they were an axis.
inline constexpr const char* kSampling = "sampling";

struct Contrast {
  std::string name;
  Choice first;
  Choice second;  // of the same axes, kSampling among them; where it is not, all settings are averaged
  std::string metric;
};

struct Experiment {
  std::string question;
  std::vector<std::string> base;
  std::vector<int64_t> seeds;
  int64_t samples = 1000;
  std::vector<std::string> metrics;
  std::string allow_unequal;                // why runs on unequal terms may be compared; empty: they may not
  std::vector<std::string> smoke;           // overrides that make it tiny
  std::vector<std::string> last_overrides;  // after those of the variants
  std::vector<Axis> axes;
  std::vector<Variant> samplings;  // at least one
  std::vector<Contrast> contrasts;
};

// Throws a usage error that names the key and the place for anything missing, misspelt or contradictory.
Experiment read_experiment(const std::string& path);
Experiment read_experiment(const Config& config);

// The same experiment in a few minutes: its smoke overrides last, one seed and at most 24 samples. It shows that everything runs,
// nothing else. Throws a usage error where the experiment has no such overrides.
void make_smoke(Experiment& experiment);

// "rounding=softmax, width=64"
std::string text_of(const Choice& choice);

}  // namespace difflm
