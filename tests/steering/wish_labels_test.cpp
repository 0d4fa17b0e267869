// Labels as people write them, with the commas that their values have.
#include "difflm/steering/wish_labels.h"

#include <gtest/gtest.h>

#include "core/expect_error.h"

namespace difflm::test {
namespace {

TEST(WishLabels, AValueMayHaveCommas) {
  const std::vector<Label> labels = {{"place", "Paris, France"}, {"topic", "Arts, Culture & Travel"}, {"topic", "Sport"}};
  const auto read = [&](const std::string& wish) { return read_wished_labels(wish, labels, "attribute"); };
  EXPECT_EQ(read("topic=Arts, Culture & Travel"), (std::vector<int64_t>{1}));
  EXPECT_EQ(read("topic=Sport, place=Paris, France"), (std::vector<int64_t>{2, 0}));
  EXPECT_NE(usage_message([&] { read("topic=Arts"); }).find("has no value 'Arts'"), std::string::npos);
  Document document;
  document.attributes = {{"topic", attribute_value("Arts, Culture & Travel")}};
  EXPECT_TRUE(has_labels(document, {1}, labels));
  EXPECT_FALSE(has_labels(document, {0}, labels));
}

}  // namespace
}  // namespace difflm::test
