// The n-gram judge against a naive program that follows the definition word by word (sets of preceding words, no hashes), and the
// laws that a probability obeys.
#include "difflm/evaluation/judge/kneser_ney.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "difflm/core/error.h"
#include "difflm/text/words.h"
#include "evaluation/small_corpus.h"

namespace difflm {
namespace {

const std::vector<std::string> kTexts = {
    "the cat sat on the mat", "the dog sat on the cat", "a dog saw the cat", "the mat saw a dog", "a cat sat",
    "the cat sat on a dog"};

std::vector<Words> in_words(const std::vector<std::string>& texts) {
  std::vector<Words> result;
  for (const auto& text : texts) result.push_back(split_words(text));
  return result;
}

TEST(KneserNey, IsTheDefinition) {
  const KneserNey model(in_words(kTexts), 3);
  EXPECT_NEAR(model.log_probability({}, "the"), -0.961130376087, 1e-11);
  EXPECT_NEAR(model.log_probability({"the"}, "cat"), -1.752320919246, 1e-11);
  EXPECT_NEAR(model.log_probability({"the", "cat"}, "sat"), -1.145778771417, 1e-11);
  EXPECT_NEAR(model.log_probability({"a", "dog"}, ""), -1.897690356773, 1e-11);
  EXPECT_NEAR(model.log_probability({"the", "mat"}, "zebra"), -34.551259887404, 1e-11);
  EXPECT_NEAR(model.log_probability({"zebra"}, "cat"), -4.199705066419, 1e-11);
  EXPECT_NEAR(model.log_probability({"the", "cat", "sat", "on"}, "the"), -1.733403615398, 1e-11);
}

// Known words and the end of a text have what unknown words leave. Each unknown word has the same multiple of its spelling's
// probability.
TEST(KneserNey, ProbabilitiesSumToOne) {
  const auto texts = in_words(small_corpus(200, 1));
  const KneserNey model(texts, 4);
  std::set<std::string> known = {""};
  for (const auto& words : texts) known.insert(words.begin(), words.end());
  const auto spelling = [](const std::string& word) { return std::pow(257.0, -static_cast<double>(word.size() + 1)); };
  const std::string unknown = "qqq";
  ASSERT_FALSE(known.contains(unknown));
  std::vector<Words> contexts = {{}, {unknown}, {unknown, "the"}};
  for (size_t length = 1; length < 5; ++length)
    contexts.emplace_back(texts[3].begin(), texts[3].begin() + static_cast<int>(length));
  for (const auto& before : contexts) {
    double sum = 0;
    double spelt = 0;
    for (const auto& word : known) {
      sum += std::exp(model.log_probability(before, word));
      spelt += spelling(word);
    }
    sum += std::exp(model.log_probability(before, unknown)) / spelling(unknown) * (1 - spelt);
    EXPECT_NEAR(sum, 1, 1e-9) << before.size();
  }
}

TEST(KneserNey, ScoresWholeTextsWithTheirEnd) {
  const KneserNey model(in_words(kTexts), 3);
  const auto scores = model.score({"the cat", ""});
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_EQ(scores[0].tokens, 3);
  EXPECT_NEAR(
      scores[0].nats,
      -(model.log_probability({}, "the") + model.log_probability({"the"}, "cat") + model.log_probability({"the", "cat"}, "")),
      1e-12);
  EXPECT_EQ(scores[1].tokens, 1);
  EXPECT_NEAR(scores[1].nats, -model.log_probability({}, ""), 1e-12);
}

TEST(KneserNey, TellsTextFromItsWordsInDisorder) {
  const KneserNey model(in_words(small_corpus(300, 1)), 4);
  const auto nats = [&](const std::vector<std::string>& texts) {
    double sum = 0;
    double tokens = 0;
    for (const auto& score : model.score(texts)) {
      sum += score.nats;
      tokens += static_cast<double>(score.tokens);
    }
    return sum / tokens;
  };
  std::vector<std::string> reversed;
  for (const auto& text : small_corpus(100, 2)) {
    const auto words = split_words(text);
    reversed.push_back(join_words(Words(words.rbegin(), words.rend())));
  }
  EXPECT_LT(nats(small_corpus(100, 2)) + 0.5, nats(reversed));
}

TEST(KneserNey, NoWordIsInfinitelyDear) {
  const KneserNey model(in_words(kTexts), 2);
  EXPECT_TRUE(std::isfinite(model.score({std::string(5000, 'x')}).front().nats));
}

TEST(KneserNey, BadInputIsAClearError) {
  EXPECT_THROW(KneserNey(in_words(kTexts), 0), Error);
  EXPECT_THROW(KneserNey({}, 3), Error);
}

}  // namespace
}  // namespace difflm
