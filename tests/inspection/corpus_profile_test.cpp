#include "difflm/inspection/corpus_profile.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "difflm/inspection/recipe.h"

namespace difflm {
namespace {

std::vector<Document> documents(const std::vector<std::string>& texts) {
  std::vector<Document> result;
  for (const auto& text : texts) {
    Document document;
    document.text = text;
    result.push_back(std::move(document));
  }
  return result;
}

TEST(LengthProfile, names_the_lengths_that_half_and_nearly_all_do_not_exceed) {
  std::vector<int64_t> lengths;
  for (int64_t length = 100; length >= 1; --length) lengths.push_back(length);
  const LengthProfile profile = profile_of(lengths);
  EXPECT_EQ(profile.shortest, 1);
  EXPECT_EQ(profile.half, 50);
  EXPECT_EQ(profile.most, 95);
  EXPECT_EQ(profile.longest, 100);
  EXPECT_DOUBLE_EQ(profile.mean, 50.5);
  EXPECT_EQ(profile_of({7}).most, 7);
  EXPECT_EQ(profile_of({}).longest, 0);
}

TEST(CorpusProfile, counts_texts_words_scripts_and_duplicates) {
  const auto profile = profile_corpus(documents({"ab cd", "ab cd", "\u03b1\u03b2", "ab"}), Config(), {"word"});
  EXPECT_EQ(profile.texts, 4);
  EXPECT_EQ(profile.duplicates, 1);
  EXPECT_EQ(profile.bytes, 5 + 5 + 4 + 2);
  EXPECT_EQ(profile.words, 6);
  EXPECT_FALSE(profile.sampled);
  EXPECT_EQ(profile.length.longest, 2);
  ASSERT_EQ(profile.scripts.size(), 2U);
  EXPECT_EQ(profile.scripts[0].first, "Latin");
  EXPECT_DOUBLE_EQ(profile.scripts[0].second, 10.0 / 12);
  EXPECT_EQ(profile.unspaced, 0);
}

TEST(CorpusProfile, sees_scripts_without_spaces) {
  const auto profile = profile_corpus(documents({"\u4e2d\u6587ab", "\u0e44\u0e17ab"}), Config(), {});
  EXPECT_DOUBLE_EQ(profile.unspaced, 0.5);
}

// Every text has a word of its own: those held out are unknown to words, and to nothing else.
TEST(CorpusProfile, measures_unknown_words_on_texts_that_the_tokenizer_has_not_seen) {
  std::vector<std::string> texts;
  for (int at = 0; at < 200; ++at)
    texts.push_back(fmt::format("a common line with {}{}", std::string(1, static_cast<char>('a' + at % 26)), at));
  Config config;
  config.set("data.word.min_count", {int64_t{1}, "test"});
  const auto profile = profile_corpus(documents(texts), config, tried_tokenizers());
  EXPECT_NEAR(profile.tokenizer("word").unknown, 0.2, 1e-9);  // one word of five
  EXPECT_EQ(profile.tokenizer("bpe").unknown, 0);
  EXPECT_EQ(profile.tokenizer("spaced").unknown, 0);
  EXPECT_DOUBLE_EQ(profile.tokenizer("word").tokens_per_word, 1);
  EXPECT_GT(profile.tokenizer("char").tokens_per_word, profile.tokenizer("bpe").tokens_per_word);
  EXPECT_EQ(profile.tokenizer("word").tokens.longest, 5);
}

TEST(CorpusProfile, of_a_large_corpus_is_that_of_a_sample) {
  std::vector<std::string> texts;
  for (int at = 0; at < 60'000; ++at) texts.push_back(fmt::format("{} and {} make a line of twelve words, or so", at, at % 7));
  const auto profile = profile_corpus(documents(texts), Config(), {"word"});
  EXPECT_TRUE(profile.sampled);
  EXPECT_EQ(profile.texts, 60'000);
  EXPECT_NEAR(static_cast<double>(profile.words), 60'000.0 * 12, 60'000.0 * 0.12);
}

TEST(CorpusProfile, of_one_text_or_of_very_few_is_whole) {
  const auto one = profile_corpus(documents({"one long text\nof two lines"}), Config(), tried_tokenizers());
  EXPECT_EQ(one.texts, 1);
  EXPECT_EQ(one.length.longest, 7);  // the line break is one
  const auto two = profile_corpus(documents({"first", "second"}), Config(), tried_tokenizers());
  EXPECT_EQ(two.tokenizer("word").unknown, 1);
}

}  // namespace
}  // namespace difflm
