// The train/validation split: no duplicate crosses it, and it depends on the texts and the seed alone.
#include "difflm/data/split.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/expect_error.h"

namespace difflm::test {
namespace {

// 2000 documents, every third text twice.
std::vector<Document> documents() {
  std::vector<Document> result;
  for (int i = 0; result.size() < 2000; ++i) {
    result.push_back({fmt::format("text {}", i), {{"number", std::to_string(i)}}, {}, {}});
    if (i % 3 == 0) result.push_back({fmt::format("text {}", i), {}, {}, {}});
  }
  return result;
}

std::set<std::string> texts(const std::vector<Document>& side) {
  std::set<std::string> result;
  for (const auto& document : side) result.insert(document.text);
  return result;
}

TEST(Split, DuplicatesNeverCross) {
  const Split split = split_documents(documents(), 0.2, 0);
  const auto training = texts(split.training);
  const auto validation = texts(split.validation);
  std::vector<std::string> both;
  std::set_intersection(training.begin(), training.end(), validation.begin(), validation.end(), std::back_inserter(both));
  EXPECT_TRUE(both.empty());
  EXPECT_EQ(split.training.size() + split.validation.size(), 2000);
  EXPECT_EQ(split.duplicates, 500);
  EXPECT_EQ(split.duplicates_kept_apart, split.validation.size() - validation.size());
  EXPECT_GT(split.duplicates_kept_apart, 0);
  EXPECT_NEAR(static_cast<double>(validation.size()) / static_cast<double>(validation.size() + training.size()), 0.2, 0.04);
}

TEST(Split, DependsOnTextAndSeedNotOnOrder) {
  const auto before = texts(split_documents(documents(), 0.2, 7).validation);
  auto shuffled = documents();
  std::reverse(shuffled.begin(), shuffled.end());
  EXPECT_EQ(texts(split_documents(shuffled, 0.2, 7).validation), before);
  EXPECT_NE(texts(split_documents(documents(), 0.2, 8).validation), before);
  shuffled.resize(1000);  // more text later moves nothing
  for (const auto& text : texts(split_documents(shuffled, 0.2, 7).validation)) EXPECT_TRUE(before.contains(text));
}

TEST(Split, AStreamIsCutAtALine) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += fmt::format("line {:02}\n", i);
  const Split split = split_documents({{text, {}, {}, {}}}, 0.1, 0);
  ASSERT_EQ(split.training.size(), 1);
  ASSERT_EQ(split.validation.size(), 1);
  EXPECT_EQ(split.training[0].text + split.validation[0].text, text);
  EXPECT_TRUE(split.training[0].text.ends_with('\n'));
  EXPECT_NEAR(static_cast<double>(split.validation[0].text.size()), 0.1 * static_cast<double>(text.size()), 9);
}

TEST(Split, AStreamOfOneLineIsCutInsideIt) {
  const auto cut = [](const std::string& part, int times, const std::string& end) {
    std::string text;
    for (int i = 0; i < times; ++i) text += part;
    const Split split = split_documents({{text, {}, {}, {}}}, 0.1, 0);
    EXPECT_EQ(split.training.at(0).text + split.validation.at(0).text, text);
    EXPECT_TRUE(split.training[0].text.ends_with(end)) << split.training[0].text;
    EXPECT_NEAR(static_cast<double>(split.validation[0].text.size()), 0.1 * static_cast<double>(text.size()),
                0.05 * static_cast<double>(text.size()) + 2);
  };
  cut("The river runs. ", 100, "runs. ");
  cut("river stone ", 300, " ");
  cut("\u5E03\u5E03\u3002", 100, "\u3002");
  cut("\u5E03", 100, "\u5E03");  // never inside a character
}

TEST(Split, PartsOfALargeTextMakeItAgain) {
  const auto parts = [](const std::string& text, size_t bytes) {
    std::vector<std::string> result;
    for_each_part({text, {{"name", "x"}}, {}, {}}, bytes, [&](Document&& part) {
      EXPECT_EQ(part.attributes.at("name"), "x");
      EXPECT_LE(part.text.size(), 2 * bytes);
      result.push_back(std::move(part.text));
    });
    std::string again;
    for (const auto& part : result) again += part;
    EXPECT_EQ(again, text);
    return result;
  };
  EXPECT_EQ(parts("short", 5).size(), 1U);
  std::string lines;
  std::string words;
  std::string unspaced;
  for (int i = 0; i < 1000; ++i) {
    lines += fmt::format("line {:03}\n", i);
    words += "river ";
    unspaced += "\u5E03";
  }
  for (const auto& part : parts(lines, 500)) EXPECT_TRUE(part.ends_with('\n'));
  for (const auto& part : parts(words, 500)) EXPECT_TRUE(part.starts_with('r') && part.ends_with(' '));
  for (const auto& part : parts(unspaced, 500)) EXPECT_EQ(part.size() % 3, 0U);
  EXPECT_EQ(parts(lines, 500).size(), 18U);
  size_t tagged = 0;
  for_each_part({words, {}, {"NOUN"}, {}}, 500, [&](Document&& part) { tagged += part.tags.size(); });
  EXPECT_EQ(tagged, 1U) << "tags stay with their text";
}

TEST(Split, ASideMustNotBeEmpty) {
  EXPECT_NE(usage_message([] { split_documents({{"x", {}, {}, {}}}, 0.1, 0); }).find("too short"), std::string::npos);
  const std::string message = usage_message([] { split_documents({{"same", {}, {}, {}}, {"same", {}, {}, {}}}, 0.1, 0); });
  EXPECT_NE(message.find("data.validation"), std::string::npos);
}

// What the judge of an evaluation relies on: texts that were all hashed to the training side can be split again only under another
// seed.
TEST(Split, TheTrainingSideSplitsAgainUnderAnotherSeed) {
  const auto training = split_documents(documents(), 0.2, 0).training;
  EXPECT_NE(usage_message([&] { split_documents(training, 0.2, 0); }).find("data.validation"), std::string::npos);
  const Split again = split_documents(training, 0.2, 1);
  EXPECT_NEAR(static_cast<double>(again.validation.size()) / static_cast<double>(training.size()), 0.2, 0.05);
}

}  // namespace
}  // namespace difflm::test
