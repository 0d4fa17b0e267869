#include "difflm/evaluation/metric.h"

#include "difflm/evaluation/metric/copied_ngram.h"
#include "difflm/evaluation/metric/distinct_n.h"
#include "difflm/evaluation/metric/distinct_words.h"
#include "difflm/evaluation/metric/energy_distance.h"
#include "difflm/evaluation/metric/grammatical.h"
#include "difflm/evaluation/metric/judge_perplexity.h"
#include "difflm/evaluation/metric/length.h"
#include "difflm/evaluation/metric/length_distance.h"
#include "difflm/evaluation/metric/longest_copy.h"
#include "difflm/evaluation/metric/mauve.h"
#include "difflm/evaluation/metric/ngram_perplexity.h"
#include "difflm/evaluation/metric/novelty.h"
#include "difflm/evaluation/metric/real_words.h"
#include "difflm/evaluation/metric/rep_n.h"
#include "difflm/evaluation/metric/self_bleu.h"
#include "difflm/evaluation/metric/top_token_share.h"
#include "difflm/evaluation/metric/unigram_divergence.h"
#include "difflm/evaluation/metric/unigram_entropy.h"
#include "difflm/evaluation/metric/vocabulary_coverage.h"
#include "difflm/evaluation/metric/zipf_exponent.h"

namespace difflm {

MetricValue Metric::compute(const MetricInput& input) const {
  const std::string where = "evaluation." + name();
  if (input.samples.size() == 0) throw usage_error(where, "there are no samples, expected at least one text");
  if (needs().judge && !input.judge) throw usage_error(where, "has no judge, expected a language model that scores texts");
  if (needs().ngram_judge && !input.ngram_judge) throw usage_error(where, "has no n-gram judge, expected one of training texts");
  if (needs().reference && input.reference.size() == 0)
    throw usage_error(where, "there are no held-out texts, expected at least one");
  if (needs().training && input.training.size() == 0)
    throw usage_error(where, "there are no training texts, expected at least one");
  return measure(input);
}

const MetricFamily& metrics() {
  static const MetricFamily family(
      "evaluation.metrics", "a number about a set of texts, with a 95% bootstrap interval",
      {
          variant<MetricFamily, JudgePerplexity>("judge_perplexity", "perplexity of the samples under a judge"),
          variant<MetricFamily, NgramPerplexity>("ngram_perplexity",
                                                 "perplexity of the samples under an n-gram model of the training text"),
          variant<MetricFamily, EnergyDistance>("energy_distance", "energy distance from held-out text by words and word pairs"),
          variant<MetricFamily, Mauve>("mauve", "MAUVE: overlap with held-out text in the judge's feature space"),
          variant<MetricFamily, UnigramEntropy>("unigram_entropy", "entropy of the word frequencies, in nats"),
          variant<MetricFamily, TopTokenShare>("top_token_share", "share of the most frequent word"),
          variant<MetricFamily, UnigramDivergence>("unigram_divergence", "KL of the word frequencies from held-out text, in nats"),
          variant<MetricFamily, ZipfExponent>("zipf_exponent", "how fast word frequencies fall with their rank"),
          variant<MetricFamily, VocabularyCoverage>("vocabulary_coverage", "share of words that occur in training text"),
          variant<MetricFamily, RealWords>("real_words", "share of words that are known, not invented"),
          variant<MetricFamily, RealWordTypes>("real_word_types", "the same of the distinct words"),
          variant<MetricFamily, DistinctN<1>>("distinct-1", "distinct words / words"),
          variant<MetricFamily, DistinctN<2>>("distinct-2", "distinct 2-grams / 2-grams"),
          variant<MetricFamily, DistinctN<3>>("distinct-3", "distinct 3-grams / 3-grams"),
          variant<MetricFamily, DistinctN<4>>("distinct-4", "distinct 4-grams / 4-grams"),
          variant<MetricFamily, SelfBleu>("self_bleu", "BLEU-4 of each text against all the others"),
          variant<MetricFamily, DistinctWords>("distinct_words", "distinct words in the first 128 texts"),
          variant<MetricFamily, RepN>("rep_n", "share of n-grams that repeat one of the same text"),
          variant<MetricFamily, Length>("length", "mean words per text"),
          variant<MetricFamily, LengthDistance>("length_distance",
                                                "Wasserstein-1 distance of lengths from held-out text, in words"),
          variant<MetricFamily, Novelty>("novelty", "share of texts that are not a copy of a training text"),
          variant<MetricFamily, Grammatical>("grammatical", "share of texts that the builtin corpus's grammar could have written"),
          variant<MetricFamily, CopiedNgram>("copied_ngram", "share of a text's n-grams that occur in training text"),
          variant<MetricFamily, LongestCopy>("longest_copy", "longest run of words that occurs in training text"),
      });
  return family;
}

}  // namespace difflm
