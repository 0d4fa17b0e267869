// Perplexity of the samples under an n-gram model of the training text (kneser_ney.h): the judge that is not a network.
//
// Definition: exp(sum of nats / sum of words) over all texts, ends of texts counted as words. Unit: perplexity.
// Best: the value of held-out text. Lower than that is not better: copied training text is far below it.
// Traps: those of judge_perplexity (repetition wins, nonsense wins, temperature moves it), and it sees no further than a few words:
// a text of two good halves that do not belong together is as good as any. That both judges agree is the point of having two.
#pragma once

#include "difflm/evaluation/metric/judge_perplexity.h"

namespace difflm {

class NgramPerplexity : public Metric {
 public:
  using Options = NoOptions;
  explicit NgramPerplexity(const Options&) {}

  std::string name() const override { return "ngram_perplexity"; }
  std::string unit() const override { return "perplexity"; }
  Direction direction() const override { return Direction::reference; }
  Needs needs() const override { return {.ngram_judge = true}; }
  std::vector<std::string> guards() const override { return {"unigram_entropy", "rep_n", "distinct-2"}; }

 protected:
  MetricValue measure(const MetricInput& input) const override { return perplexity_under(*input.ngram_judge, input); }
};

}  // namespace difflm
