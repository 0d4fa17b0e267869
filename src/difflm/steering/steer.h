// Steered texts: what `difflm control` and the library's `control` call.
//
// Wishes say what a text should be like; each becomes a guide (guide.h). An update rule turns their gradients into guidance while
// the text is sampled, and what can be met exactly is pinned. The model is not changed and need not be trained for any wish.
#pragma once

#include <optional>

#include "difflm/sampling/generate.h"
#include "difflm/steering/guide_resources.h"
#include "difflm/steering/wish.h"

namespace difflm {

// Section `control`.
struct SteeringOptions {
  std::string rule = "posterior";
  double temperature = 1.05;  // makes up for the variety that guidance costs (experiments/control)
  int64_t candidates = 1;
  void describe(OptionVisitor& visitor);
};

// The run folders of the classifiers to steer by; where one is empty, the configuration's applies.
struct ClassifierFolders {
  std::string attributes;
  std::string spans;     // of constituents and trees
  std::string prefixes;  // of an autoregressive model
};
void use_classifiers(Config& config, const ClassifierFolders& folders);

// How one wish fared in one text.
struct WishOutcome {
  std::optional<bool> fulfilled;          // by an exact rule, where there is one
  std::optional<double> log_probability;  // of the last estimate before guidance; nothing for what is pinned or weighs 0
  std::optional<double> rating;           // of a finished text by a wish that rates texts
};

// What a text cost, on any machine: the number of forward passes, those of its other candidates included; there are at most as many
// backward passes. Mean over the texts of a call, for on_text over those made so far.
struct SteeringCost {
  double network = 0;  // the model that is steered
  double guides = 0;   // classifiers, and a judge of fluency
};

struct SteeredSample {
  SampledText sample;
  std::vector<WishOutcome> outcomes;  // one per wish
  SteeringCost cost = {};
};

// One step of a batch, with the log-probability of each wish in each text.
struct SteeredSampleStep {
  const SampleStep& step;
  std::vector<std::vector<std::optional<double>>> log_probabilities;  // [text][wish], as above
  // Replaces the wishes from the next step on. Throws a usage error, and changes nothing, where a wish is wrong, or is one that has
  // to be there from the start: a length, given words, labels, a program.
  const std::function<void(const std::vector<WishSpec>& wishes)>& change;
};

struct SteeringEvents {
  std::function<bool(const SteeredSampleStep&)> on_step;  // false stops
  bool may_change = false;                                // wishes may be changed, so there need be none at first
  std::function<void(int64_t done, int64_t count)> on_batch;
  std::function<void(SteeredSample)> on_text;  // as in SampleEvents: with it, `steer` returns only what a stop left unfinished
};

// `request.count` texts in the order of their index. With several candidates, text i is the best of that many samples: one that
// fulfils the most wishes; of these, one whose wishes have the highest log-probability; and where everything is pinned, the one
// that agrees most with the others (minimum_bayes_risk.h). Throws a usage error, before any work, for a wish that cannot be
// fulfilled: an unknown word or value, a length beyond the model's, wishes that contradict each other. `resources` are those of the
// run; the same object serves any number of calls.
std::vector<SteeredSample> steer(Run& run, GuideResources& resources, const SamplingOptions& sampling,
                                 const SteeringOptions& options, const std::vector<WishSpec>& wishes, const SampleRequest& request,
                                 const SteeringEvents& events = {});

}  // namespace difflm
