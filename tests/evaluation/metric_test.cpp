#include "difflm/evaluation/metric.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "difflm/core/random.h"
#include "difflm/evaluation/judge/kneser_ney.h"
#include "difflm/grammar/builtin_grammar.h"
#include "evaluation/judges.h"
#include "evaluation/small_corpus.h"

namespace difflm {
namespace {

std::unique_ptr<Metric> make(const std::string& name, const Config& config = {}) { return metrics().make(name, config); }

class EveryMetric : public testing::TestWithParam<std::string> {
 protected:
  MetricValue compute(const TextSet& samples, const TextSet& reference, uint64_t seed = 1) const {
    return make(GetParam())->compute({samples, reference, training_, &judge_, seed, 200, &ngram_judge_});
  }

  TextSet held_out_ = make_text_set(small_corpus(100, 2));
  TextSet training_ = make_text_set(small_corpus(300, 3));
  BigramJudge judge_{small_corpus(300, 4)};
  KneserNey ngram_judge_{training_.words, 3};
};

TEST_P(EveryMetric, IsWhatItIsListedAs) {
  EXPECT_EQ(make(GetParam())->name(), GetParam());
  EXPECT_FALSE(make(GetParam())->unit().empty());
  for (const auto& guard : make(GetParam())->guards()) EXPECT_THAT(metrics().names(), testing::Contains(guard));
}

TEST_P(EveryMetric, IntervalHoldsTheValueAndHasWidth) {
  const auto samples = make_text_set(small_corpus(100, 5));
  const auto found = compute(samples, held_out_);
  ASSERT_TRUE(std::isfinite(found.value));
  EXPECT_LE(found.lower, found.value);
  EXPECT_GE(found.upper, found.value);
  EXPECT_GE(found.lower, 0);
  EXPECT_LE(found.upper, make(GetParam())->unit() == "share" ? 1 : 1e6);
  if (GetParam() != "rep_n" && GetParam() != "grammatical") {  // the small corpus has no loops, and is not of the grammar
    EXPECT_LT(found.lower, found.upper);
    EXPECT_GT(found.error, 0);
  }
}

TEST_P(EveryMetric, IsDeterministicAndTheSeedMovesTheIntervalOnly) {
  const auto samples = make_text_set(small_corpus(60, 6));
  const auto a = compute(samples, held_out_, 1);
  const auto b = compute(samples, held_out_, 1);
  const auto c = compute(samples, held_out_, 2);
  EXPECT_EQ(a.value, b.value);
  EXPECT_EQ(a.lower, b.lower);
  EXPECT_EQ(a.upper, b.upper);
  EXPECT_EQ(a.value, c.value);
}

TEST_P(EveryMetric, DoesNotDependOnTheOrderOfTexts) {
  auto texts = small_corpus(60, 7);
  const double value = compute(make_text_set(texts), held_out_).value;
  RandomStream(1).shuffle(texts);
  EXPECT_NEAR(compute(make_text_set(texts), held_out_).value, value, 1e-12 * std::max(1.0, value));
}

TEST_P(EveryMetric, DistanceOfHeldOutTextFromItselfIsZeroAndCovered) {
  if (!make(GetParam())->needs().reference || make(GetParam())->direction() != Direction::lower) return;
  const auto found = compute(held_out_, held_out_);
  EXPECT_NEAR(found.value, 0, 1e-12);
  EXPECT_EQ(found.lower, 0);
  EXPECT_GT(found.upper, 0);
  const auto other = make_text_set(std::vector<std::string>(100, "light light light light light light light"));
  EXPECT_GT(compute(other, held_out_).value, 0.5);
}

TEST_P(EveryMetric, NoSamplesAreAClearError) {
  const TextSet none;
  try {
    compute(none, held_out_);
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::usage);
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr(GetParam()), testing::HasSubstr("no samples")));
  }
}

TEST_P(EveryMetric, WhatItNeedsIsAClearErrorWhenMissing) {
  const TextSet none;
  const auto metric = make(GetParam());
  const auto needs = metric->needs();
  const auto run = [&](const TextSet& reference, const TextSet& training, const Judge* judge, const Judge* ngram_judge) {
    metric->compute({held_out_, reference, training, judge, 1, 10, ngram_judge});
  };
  if (needs.judge) {
    EXPECT_THROW(run(held_out_, training_, nullptr, &ngram_judge_), Error);
  }
  if (needs.ngram_judge) {
    EXPECT_THROW(run(held_out_, training_, &judge_, nullptr), Error);
  }
  if (needs.reference) {
    EXPECT_THROW(run(none, training_, &judge_, &ngram_judge_), Error);
  }
  if (needs.training) {
    EXPECT_THROW(run(held_out_, none, &judge_, &ngram_judge_), Error);
  }
  EXPECT_NO_THROW(run(needs.reference ? held_out_ : none, needs.training ? training_ : none, needs.judge ? &judge_ : nullptr,
                      needs.ngram_judge ? &ngram_judge_ : nullptr));
}

TEST_P(EveryMetric, EmptyTextsAndSingleTextsDoNoHarm) {
  // A collapsed model writes nothing: the figure is defined or it is not a number, never infinite.
  EXPECT_FALSE(std::isinf(compute(make_text_set({"", "", ""}), held_out_).value));
  EXPECT_FALSE(std::isinf(compute(make_text_set({"Hello"}), held_out_).value));
  const auto mixed = compute(make_text_set({"", "The old harbour keeps a light .", ""}), held_out_);
  if (GetParam() == "mauve") return;  // undefined for so few
  EXPECT_TRUE(std::isfinite(mixed.value));
  EXPECT_LE(mixed.lower, mixed.value);
  EXPECT_GE(mixed.upper, mixed.value);
}

INSTANTIATE_TEST_SUITE_P(Listed, EveryMetric, testing::ValuesIn(metrics().names()), [](const auto& listed) {
  std::string name = listed.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// Two of three texts are the grammar's; the third has its words in a wrong order.
TEST(Metric, TheDivergenceOfSilenceIsUndefined) {
  const auto silence = make_text_set({"", "", ""});
  const auto reference = make_text_set({"a b c", "a a"});
  const TextSet none;
  EXPECT_TRUE(std::isnan(metrics().make("unigram_divergence", {})->compute({silence, reference, none, nullptr, 1, 20}).value));
}

TEST(Metric, GrammaticalTextsAreThoseOfTheGrammar) {
  RandomStream random(1, "grammatical");
  std::vector<std::string> texts;
  for (int i = 0; i < 2; ++i) {
    std::string text;
    for (const auto& word : builtin_grammar().generate(random).words) text += word + " ";
    texts.push_back(text);
  }
  texts.push_back("bakery a is the .");
  const auto set = make_text_set(texts);
  EXPECT_DOUBLE_EQ(make("grammatical", {})->compute({set, set, set, nullptr, 1, 50}).value, 2.0 / 3);
}

// Worked by hand (and the two logarithms by another program): the samples have the words a 4 times, b 3, c 1.
TEST(Metric, KnownValues) {
  const auto samples = make_text_set({"a b a b a b", "a c"});
  const auto held_out = make_text_set({"a b c d"});
  const auto training = make_text_set({"a  c", "x a b a b"});
  const UniformJudge judge(17);
  const auto value = [&](const std::string& name, const Config& config = {}) {
    return make(name, config)->compute({samples, held_out, training, &judge, 1, 50}).value;
  };
  EXPECT_NEAR(value("judge_perplexity"), 17, 1e-9);
  EXPECT_NEAR(value("unigram_entropy"), 0.9743147528693494, 1e-12);
  EXPECT_DOUBLE_EQ(value("top_token_share"), 0.5);
  EXPECT_NEAR(value("unigram_divergence"), 0.22517354283677443, 1e-12);
  EXPECT_DOUBLE_EQ(value("distinct-1"), 3.0 / 8);
  EXPECT_DOUBLE_EQ(value("distinct-2"), 3.0 / 6);
  EXPECT_DOUBLE_EQ(value("distinct-3"), 2.0 / 4);
  EXPECT_DOUBLE_EQ(value("distinct_words"), 3);
  EXPECT_DOUBLE_EQ(value("rep_n"), 1.0 / 3);  // abab baba abab; the second text is too short to count
  EXPECT_DOUBLE_EQ(value("length"), 4);
  EXPECT_DOUBLE_EQ(value("length_distance"), 2);
  EXPECT_DOUBLE_EQ(value("novelty"), 0.5);
  EXPECT_DOUBLE_EQ(value("copied_ngram"), 2.0 / 3);

  Config pairs;
  pairs.read_override("evaluation.rep_n.n=2");
  pairs.read_override("evaluation.copied_ngram.n=2");
  EXPECT_DOUBLE_EQ(value("rep_n", pairs), (3.0 / 5 + 0) / 2);
  EXPECT_DOUBLE_EQ(value("copied_ngram", pairs), (5.0 / 5 + 1) / 2);
}

// By a naive program that follows the definitions: all pairs of texts, counters of tuples, a textbook regression line.
TEST(Metric, KnownValuesOfTextsAmongTexts) {
  const auto samples = make_text_set({"the cat sat on the mat", "the cat sat on a dog again", "the the the cat", "a dog"});
  const auto other = make_text_set({"the cat sat on the mat", "the dog sat on the cat", "a dog saw the cat", "the mat saw a dog",
                                    "a cat sat", "the cat sat on a dog"});
  const auto value = [&](const std::string& name) { return make(name)->compute({samples, other, other, nullptr, 1, 50}).value; };
  EXPECT_NEAR(value("self_bleu"), 0.312022193909, 1e-11);
  EXPECT_NEAR(value("energy_distance"), 0.240074121578, 1e-11);
  EXPECT_NEAR(value("zipf_exponent"), 0.833985000288, 1e-11);
  EXPECT_DOUBLE_EQ(value("vocabulary_coverage"), 18.0 / 19);
}

TEST(Metric, PerplexityIsWeightedByTokenNotByText) {
  const auto samples = make_text_set({"a b c", ""});
  const FixedJudge judge({{4 * std::log(2.0), 4}, {1 * std::log(64.0), 1}});
  const auto value = make("judge_perplexity")->compute({samples, samples, samples, &judge, 1, 50}).value;
  EXPECT_NEAR(value, 4, 1e-12);  // (2^4 * 64)^(1/5); the mean over texts would be 33
}

TEST(Metric, PerplexityRefusesABrokenJudge) {
  const auto samples = make_text_set({"a", "b"});
  const auto run = [&](std::vector<Judge::Score> scores) {
    const FixedJudge judge(std::move(scores));
    make("judge_perplexity")->compute({samples, samples, samples, &judge, 1, 50});
  };
  EXPECT_THROW(run({{1, 1}}), Error);
  EXPECT_THROW(run({{1, 1}, {std::nan(""), 1}}), Error);
  EXPECT_THROW(run({{1, 1}, {1, 0}}), Error);
}

TEST(Metric, CollapseIsSeen) {
  const auto good = make_text_set(small_corpus(200, 1));
  const auto collapsed = make_text_set(std::vector<std::string>(200, "the the , the the , the ."));
  const auto value = [&](const std::string& name, const TextSet& set) {
    return make(name)->compute({set, good, good, nullptr, 1, 20}).value;
  };
  EXPECT_LT(value("unigram_entropy", collapsed), 1);
  EXPECT_GT(value("top_token_share", collapsed), 0.6);
  EXPECT_EQ(value("distinct_words", collapsed), 3);
  EXPECT_LT(value("distinct-2", collapsed), 0.01);
  EXPECT_GT(value("unigram_divergence", collapsed), 1);
  EXPECT_GT(value("unigram_entropy", good), 2.5);
}

TEST(Metric, DistinctWordsCountsTheFirst128Texts) {
  std::vector<std::string> texts(128, "one two");
  texts.emplace_back("three four five");
  const TextSet samples = make_text_set(texts);
  EXPECT_EQ(make("distinct_words")->compute({samples, samples, samples, nullptr, 1, 20}).value, 2);
}

TEST(Metric, UnknownNameSuggestsTheNearest) {
  try {
    make("distinct-5");
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("distinct-"));
  }
}

}  // namespace
}  // namespace difflm
