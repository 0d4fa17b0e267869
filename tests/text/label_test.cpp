#include "difflm/text/label.h"

#include <gtest/gtest.h>

namespace difflm::test {
namespace {

TEST(LabelsOf, AreTheValuesOfEachField) {
  Document document;
  document.attributes = {{"kind", "cafe"}, {"offers", "tea, cakes"}, {"area", ""}};
  EXPECT_EQ(labels_of(document), (std::vector<Label>{{"kind", "cafe"}, {"offers", "tea"}, {"offers", "cakes"}}));
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
