#include "difflm/text/label.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace difflm::test {
namespace {

TEST(LabelsOf, AreTheValuesOfEachField) {
  Document document;
  document.attributes = {{"kind", "cafe"}, {"offers", "tea, cakes"}, {"area", ""}};
  EXPECT_EQ(labels_of(document), (std::vector<Label>{{"kind", "cafe"}, {"offers", "tea"}, {"offers", "cakes"}}));
}

TEST(LabelsOf, AValueWithCommasIsOneValue) {
  for (const std::string value : {"Arts, Culture & Travel", "a, b, c", ", ", "C:\\", "a,b", "x\\, y"}) {
    Document document;
    document.attributes = {{"topic", attribute_value(value)}};
    EXPECT_EQ(labels_of(document), (std::vector<Label>{{"topic", value}})) << value;
    document.attributes = {{"topic", "tea, " + attribute_value(value)}};
    EXPECT_EQ(labels_of(document), (std::vector<Label>{{"topic", "tea"}, {"topic", value}})) << value;
  }
}

TEST(WishedLabels, ACommaSeparatesLabelsUnlessItIsOneOfAKnownValue) {
  const std::vector<std::string> all = {"topic=Arts, Culture & Travel", "topic=Arts", "place=Paris, France"};
  const auto known = [&](const std::string& label) { return std::find(all.begin(), all.end(), label) != all.end(); };
  const auto wished = [&](const std::string& wish) { return wished_labels(wish, known); };
  EXPECT_EQ(wished("topic=Arts, Culture & Travel"), (std::vector<std::string>{"topic=Arts, Culture & Travel"}));
  EXPECT_EQ(wished("topic=Arts, Culture & Travel, place=Paris, France"),
            (std::vector<std::string>{"topic=Arts, Culture & Travel", "place=Paris, France"}));
  EXPECT_EQ(wished("food=Italian, area=riverside"), (std::vector<std::string>{"food=Italian", "area=riverside"}));
}

TEST(FrequentLabels, AreThoseOfEnoughTexts) {
  std::vector<Document> documents(5);
  documents[0].attributes = {{"food", "Thai"}, {"area", "city"}};
  documents[1].attributes = {{"food", "Thai, Greek"}};
  documents[2].attributes = {{"area", "city"}};
  documents[3].attributes = {{"food", "Thai"}};
  EXPECT_EQ(frequent_labels(documents, 3), (std::vector<Label>{{"food", "Thai"}}));
  EXPECT_EQ(frequent_labels(documents, 1), (std::vector<Label>{{"area", "city"}, {"food", "Greek"}, {"food", "Thai"}}));
  EXPECT_TRUE(frequent_labels(documents, 4).empty());
}

}  // namespace
}  // namespace difflm::test
