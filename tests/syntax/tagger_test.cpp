// The tagger against sums by hand, against every sequence of tags, and on texts whose tags are known.
#include "difflm/syntax/tagger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/corpora/builtin_corpus.h"
#include "difflm/corpora/tagged_corpus.h"
#include "difflm/text/words.h"

namespace difflm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<Document> tagged(const std::string& lines) { return TaggedCorpus(NoOptions()).parse("tagged.txt", lines); }

Tagger tagger_of(const std::string& lines) { return Tagger(count_tags(tagged(lines), "tagged.txt")); }

const char* const kFish =
    "the/D fish/N swim/V ./.\nthey/P fish/V ./.\nthe/D old/A fish/N fish/V the/D fish/N ./.\nold/A fish/N swim/V ./.\n"
    "they/P fish/V fish/N ./.\nthe/D old/N fish/V ./.\n";

TEST(Tagger, ChancesAreTheSumsByHand) {
  // Two texts, a/X b/Y and a/X: trigrams (##X) twice, (#XY), (#X#), (XY#).
  const Tagger tagger = tagger_of("a/X b/Y\na/X\n");
  // Without the trigram itself: ##X is best predicted by its pair and its trigram (1/1 each, the pair comes first) against X 1/4;
  // #XY by none (0, the tag comes first); #X# by the tag alone (1/4); XY# by the tag alone (1/4).
  EXPECT_DOUBLE_EQ(tagger.mixture()[0], 3.0 / 5);
  EXPECT_DOUBLE_EQ(tagger.mixture()[1], 2.0 / 5);
  EXPECT_DOUBLE_EQ(tagger.mixture()[2], 0);
  const double x = 0.6 * 2 / 5 + 0.4 * 1;      // X at the start: of 5 tags, of 2 starts
  const double y = 0.6 * 1 / 5 + 0.4 * 1 / 2;  // Y after X
  const double end = 0.6 * 2 / 5 + 0.4 * 1;    // the end after Y
  const std::vector<std::string> words = {"a", "b"};
  EXPECT_NEAR(tagger.log_probability(words, std::vector<std::string>{"X", "Y"}), std::log(x * y * end), 1e-12);
}

TEST(Tagger, FindsTheBestOfAllSequences) {
  const Tagger tagger = tagger_of(kFish);
  const std::vector<std::string> names = {".", "A", "D", "N", "P", "V"};
  for (const std::string text :
       {"fish fish fish", "the old fish swim", "old old fish .", "they fish old fish", "swim fish", "wish"}) {
    const auto words = split_words(text);
    double best = -1e300;
    std::vector<size_t> digits(words.size(), 0);
    while (true) {
      std::vector<std::string> tags;
      for (const size_t digit : digits) tags.push_back(names[digit]);
      best = std::max(best, tagger.log_probability(words, tags));
      size_t at = 0;
      while (at < digits.size() && ++digits[at] == names.size()) digits[at++] = 0;
      if (at == digits.size()) break;
    }
    EXPECT_NEAR(tagger.log_probability(words, tagger.tag(words)), best, 1e-9) << text;
  }
}

TEST(Tagger, NeighboursDecide) {
  const Tagger tagger = tagger_of(kFish);
  EXPECT_THAT(tagger.tag(split_words("they fish.")), ElementsAre("P", "V", "."));
  EXPECT_THAT(tagger.tag(split_words("the fish fish.")), ElementsAre("D", "N", "V", "."));
}

TEST(Tagger, AWordNeverSeenGoesByItsEndingAndCase) {
  const Tagger tagger = tagger_of(
      "she/P walked/V home/N ./.\nhe/P talked/V softly/R ./.\nshe/P jumped/V kindly/R ./.\nRome/E called/V ./.\nBonn/E called/V "
      "./.\n");
  EXPECT_THAT(tagger.tag(split_words("he barked badly.")), ElementsAre("P", "V", "R", "."));
  EXPECT_THAT(tagger.tag(split_words("Rimini called.")), ElementsAre("E", "V", "."));
  EXPECT_THAT(tagger.tag(split_words("Home called.")), ElementsAre("N", "V", ".")) << "a known word with a capital";
}

TEST(Tagger, KnowsTheBuiltinCorpusAndSaysHowWell) {
  const auto documents = BuiltinCorpus({2000, 1}).parse("", "");
  const auto accuracy = held_out_accuracy(documents, "builtin");
  EXPECT_GT(accuracy.words, 3000);
  EXPECT_GT(static_cast<double>(accuracy.right), 0.99 * static_cast<double>(accuracy.words));
  // Each word's own most frequent tag is less accurate on the same words: the difference is due to the neighbours.
  std::vector<Document> nine;
  for (size_t at = 0; at < documents.size(); ++at) {
    if (at % 10 != 9) nine.push_back(documents[at]);
  }
  const TagCounts counts = count_tags(nine, "builtin");
  size_t right = 0;
  for (size_t at = 9; at < documents.size(); at += 10) {
    const auto words = split_words(documents[at].text);
    for (size_t word = 0; word < words.size(); ++word) {
      const auto found = counts.words.find(words[word]);
      if (found == counts.words.end()) continue;
      const auto most = std::max_element(found->second.begin(), found->second.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
      right += counts.tags[most->first] == documents[at].tags[word] ? 1 : 0;
    }
  }
  EXPECT_GT(accuracy.right, right);
}

TEST(Tagger, IsTheSameWhenLoaded) {
  const TemporaryFolder folder;
  const Tagger tagger = tagger_of(kFish);
  tagger.counts().save(folder.file("tagger.json"));
  const Tagger loaded(TagCounts::load(folder.file("tagger.json")));
  const auto words = split_words("they fish old fish in Rome.");
  EXPECT_EQ(loaded.tag(words), tagger.tag(words));
  EXPECT_EQ(loaded.log_probability(words, tagger.tag(words)), tagger.log_probability(words, tagger.tag(words)));
  EXPECT_EQ(loaded.mixture(), tagger.mixture());
}

TEST(Tagger, WhatIsDamagedIsRefused) {
  const TemporaryFolder folder;
  for (const std::string text :
       {"{", "{}", R"({"tags":["N"],"words":{"a":[[1,1]]},"trigrams":[[0,0,0,1]]})",
        R"({"tags":["N"],"words":{"a":[[0,1]]},"trigrams":[[0,0,2,1]]})", R"({"tags":["N"],"words":{},"trigrams":[]})"}) {
    EXPECT_THAT(failure_message([&] { TagCounts::load(folder.write("tagger.json", text)); }), HasSubstr("is damaged")) << text;
  }
}

TEST(Tagger, TextsWithoutTagsAreRefused) {
  EXPECT_THAT(usage_message([] {
                count_tags({{"The cafe is cheap.", {}, {}, ""}}, "mine.txt");
              }),
              HasSubstr("mine.txt: has no texts with parts of speech"));
}

TEST(Tagger, OneTagAWordIsExpected) {
  EXPECT_THAT(usage_message([] {
                count_tags({{"The cafe is cheap.", {}, {"D", "N"}, ""}}, "mine.txt");
              }),
              HasSubstr("mine.txt: has 2 parts of speech for the words of 'The cafe is cheap.'"));
}

TEST(Tagger, ATextOfNoWordsHasNoTags) { EXPECT_TRUE(tagger_of(kFish).tag({}).empty()); }

}  // namespace
}  // namespace difflm::test
