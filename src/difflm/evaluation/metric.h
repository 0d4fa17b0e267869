// Metrics: a set of texts -> one number with its bootstrap interval. A family; see metrics() in metric.cpp for the list.
//
// No metric means much alone: each header names the traps that its guards catch, by the names of docs/metrics.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/evaluation/bootstrap.h"
#include "difflm/evaluation/judge/judge.h"
#include "difflm/evaluation/known_words.h"
#include "difflm/evaluation/text_set.h"

namespace difflm {

struct MetricInput {
  const TextSet& samples;
  const TextSet& reference;  // held-out texts
  const TextSet& training;
  const Judge* judge = nullptr;
  uint64_t seed = 0;
  int64_t resamples = 1000;
  const Judge* ngram_judge = nullptr;       // an n-gram model of the training texts
  const KnownWords* known_words = nullptr;  // those of the texts and of a word list; null: of the texts alone

  BootstrapSettings bootstrap() const { return {seed, resamples}; }
};

enum class Direction {
  higher,     // is better
  lower,      // is better
  reference,  // the value of held-out text is best; higher and lower are both worse
};

class Metric {
 public:
  struct Needs {
    bool judge = false;
    bool ngram_judge = false;
    bool reference = false;
    bool training = false;
    bool builtin_corpus = false;  // meaningful for it alone
    size_t texts = 0;             // as samples and as reference; of fewer the figure is undefined
  };

  virtual ~Metric() = default;

  virtual std::string name() const = 0;  // as listed
  virtual std::string unit() const = 0;
  virtual Direction direction() const = 0;
  virtual Needs needs() const { return {}; }

  // True for a distance between distributions of texts that sees the order of words: a model that is no better by it than a
  // nonsense control has not learned to write.
  virtual bool tells_nonsense() const { return false; }

  // When the figure is undefined (NaN), as the rest of a sentence that begins with "where".
  virtual std::string undefined() const { return "no text has a word"; }

  // Metrics without which this one must not be shown.
  virtual std::vector<std::string> guards() const { return {}; }

  // The figure of `input.samples`. Throws a usage error when there are no samples or something the metric needs is missing.
  MetricValue compute(const MetricInput& input) const;

 protected:
  // `input` has at least one sample and all of needs().
  virtual MetricValue measure(const MetricInput& input) const = 0;
};

using MetricFamily = Family<Metric>;
const MetricFamily& metrics();  // evaluation.metrics

}  // namespace difflm
