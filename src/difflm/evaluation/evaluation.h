// An evaluation: every metric over the samples and, in the same way, over a positive control and six negative ones.
//
// The held-out texts are split: at most one half is the row "held-out" (as many texts as there are samples, where there are
// enough), the rest is what all rows are compared with. So the positive control shows the floor of each distance, not a trivial
// zero. Of fewer than two held-out texts no control can be made: what needs one is left out.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "difflm/core/config.h"
#include "difflm/core/options.h"
#include "difflm/evaluation/metric.h"

namespace difflm {

struct EvaluationOptions {
  std::vector<std::string> metrics;
  int64_t resamples = 1000;
  int64_t seed = 0;
  int64_t judge_steps = 2000;
  int64_t ngram_order = 4;
  std::string words = {};

  void describe(OptionVisitor& visitor) {
    visitor.field("metrics", metrics, "metrics to compute, all where empty; the guards of each are added");
    visitor.field("resamples", resamples, "bootstrap resamples of the texts", {1, 1e6});
    visitor.field("seed", seed, "of the resamples, the controls and the split of the held-out texts", {0});
    visitor.field("judge_steps", judge_steps, "most training steps of the judge, where one has to be trained", {1, 1e9});
    visitor.field("ngram_order", ngram_order, "words that the n-gram judge sees at a time", {1, 16});
    visitor.field("words", words, "a file of words, one per line, that real_words knows besides those of the corpus");
  }
};

// What is evaluated, and on what. `training` may be empty: then no metric looks for copies, and the controls take their words from
// the held-out texts.
struct EvaluationTexts {
  std::vector<std::string> samples;
  std::vector<std::string> held_out;
  std::vector<std::string> training;
};

enum class RowKind { samples, positive_control, negative_control };

struct EvaluationRow {
  std::string name;  // samples | held-out | unigram | cyclic | phrases | repeated | shuffled | copied
  RowKind kind = RowKind::samples;
  size_t texts = 0;
  std::vector<std::pair<std::string, MetricValue>> values;  // in the order of the report's metrics

  // Throws a failure for a metric that the row does not have.
  const MetricValue& at(const std::string& metric) const;
};

struct EvaluationMetric {
  std::string name;
  std::string unit;
  Direction direction = Direction::reference;
};

// The judges' scores of one sample.
struct SampleScore {
  std::optional<Judge::Score> judge;   // none where there was no judge
  std::optional<Judge::Score> ngrams;  // none where there were no training texts, or no metric asked for it
};

struct EvaluationReport {
  std::vector<EvaluationMetric> metrics;
  std::vector<EvaluationRow> rows;
  std::string judge;  // empty where there was none
  int64_t resamples = 0;
  int64_t seed = 0;
  size_t reference_texts = 0;
  size_t training_texts = 0;
  std::string ngram_judge;            // empty where there was none
  std::vector<SampleScore> scores;    // one per sample, in order
  std::vector<std::string> warnings;  // where the samples are no better than nonsense, one sentence each
  std::vector<std::string> notes;     // what a reader must know before comparing, one sentence each

  // Throws a failure for a row that the report does not have.
  const EvaluationRow& row(const std::string& name) const;
};

// What evaluate() will not be able to say of `samples` texts, one sentence each; `texts.samples` need not be there yet. Throws the
// usage errors of evaluate(), so that they come before the work of sampling and of training a judge.
std::vector<std::string> foresee(const EvaluationTexts& texts, size_t samples, bool has_judge, const EvaluationOptions& options,
                                 const Config& config);

// `config` holds the options of single metrics (`evaluation.rep_n.n`). Without a judge, the metrics that need one are left out,
// with a note. Throws a usage error for no samples, for neither training texts nor two held-out ones, for an unknown metric and for
// an unreadable list of words.
EvaluationReport evaluate(const EvaluationTexts& texts, const Judge* judge, const EvaluationOptions& options, const Config& config);

}  // namespace difflm
