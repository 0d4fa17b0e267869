#include "difflm/evaluation/metric/real_words.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/expect_error.h"
#include "core/temporary_folder.h"

namespace difflm::test {
namespace {

double measure(const std::string& name, const std::vector<std::string>& samples, const KnownWords* known = nullptr) {
  const auto texts = make_text_set(samples);
  const auto reference = make_text_set({"The quiet harbour."});
  const auto training = make_text_set({"A don't-care day in 1999"});
  return metrics().make(name, {})->compute({texts, reference, training, nullptr, 1, 10, nullptr, known}).value;
}

TEST(RealWords, AreThoseOfTrainingAndHeldOutText) {
  // the, harbour, day, harbfle, harbfle: three of five; "2024", "," and "." could not be invented.
  const std::vector<std::string> samples = {"the HARBOUR day, harbfle.", "harbfle 2024"};
  EXPECT_DOUBLE_EQ(measure("real_words", samples), 3.0 / 5);
  EXPECT_DOUBLE_EQ(measure("real_word_types", samples), 3.0 / 4);
}

TEST(RealWords, AreThoseOfAListToo) {
  const TemporaryFolder folder;
  KnownWords known(folder.write("words.dic",
                                "\xEF\xBB\xBF"
                                "3\r\nHarbfle/MS\r\nnoun\tadj\r\n"));
  EXPECT_TRUE(known.contains("harbfle"));
  EXPECT_FALSE(known.contains("MS"));
  EXPECT_FALSE(known.contains("adj"));
  EXPECT_DOUBLE_EQ(measure("real_words", {"harbfle gloob"}, &known), 0.5);
}

TEST(RealWords, OfAnEmptyListIsAnError) {
  const TemporaryFolder folder;
  const std::string path = folder.write("words.txt", "1\n2\n");
  EXPECT_NE(usage_message([&] { KnownWords known(path); }).find("holds no words"), std::string::npos);
}

TEST(RealWords, AreUndefinedWithoutAWord) { EXPECT_TRUE(std::isnan(measure("real_words", {"...", "12"}))); }

// Case is folded in every script, and composed and decomposed spellings are one word.
TEST(RealWords, KnowNoCaseInAnyScript) {
  KnownWords known;
  known.add(make_text_set({"\xC3\x96l \xD0\x92\xD0\x9E\xD0\x94\xD0\x90"}));  // Oel with its umlaut, VODA in Cyrillic
  EXPECT_TRUE(known.contains("\xC3\xB6l"));
  EXPECT_TRUE(known.contains("\xD0\xB2\xD0\xBE\xD0\xB4\xD0\xB0"));
}

}  // namespace
}  // namespace difflm::test
