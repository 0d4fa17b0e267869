// Perplexity of the samples under a judge (generative perplexity).
//
// Definition: exp(sum of nats / sum of tokens) over all texts, so weighted by token as in MDLM and Duo, and not the mean of
// per-text perplexities as in SEDD. Scored: every token of the text, the first included, and the end of the text; an empty text
// counts for its end alone. The unit is the judge's token (the word, for a judge with a word tokenizer): figures of different
// judges cannot be compared.
// Best: the value of held-out text. Lower than that is not better.
// Traps: repetition wins (repeating a probable word gives the lowest value of all); nonsense wins, even at matched entropy;
// temperature moves it at will; the judge prefers its like. Hence its guards.
#pragma once

#include <fmt/format.h>

#include <cmath>

#include "difflm/evaluation/metric.h"

namespace difflm {

inline MetricValue perplexity_under(const Judge& judge, const MetricInput& input) {
  const auto scores = judge.score(input.samples.texts);
  if (scores.size() != input.samples.size()) {
    throw failure(judge.name(), fmt::format("gave {} scores for {} texts", scores.size(), input.samples.size()));
  }
  std::vector<double> nats;
  std::vector<double> tokens;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (!std::isfinite(scores[i].nats) || scores[i].tokens < 1) {
      throw failure(judge.name(),
                    fmt::format("scored text {} with {} nats over {} tokens, expected a finite number over at least one", i + 1,
                                scores[i].nats, scores[i].tokens));
    }
    nats.push_back(scores[i].nats);
    tokens.push_back(static_cast<double>(scores[i].tokens));
  }
  // The interval is that of the mean in nats, carried through exp: it is closer to symmetric there.
  const MetricValue mean = bootstrap_ratio(nats, tokens, input.bootstrap());
  const double value = std::exp(mean.value);
  return {value, std::exp(mean.lower), std::exp(mean.upper), value * mean.error};
}

class JudgePerplexity : public Metric {
 public:
  using Options = NoOptions;
  explicit JudgePerplexity(const Options&) {}

  std::string name() const override { return "judge_perplexity"; }
  std::string unit() const override { return "perplexity"; }
  Direction direction() const override { return Direction::reference; }
  Needs needs() const override { return {.judge = true}; }
  std::vector<std::string> guards() const override { return {"unigram_entropy", "rep_n", "distinct-2"}; }

 protected:
  MetricValue measure(const MetricInput& input) const override { return perplexity_under(*input.judge, input); }
};

}  // namespace difflm
