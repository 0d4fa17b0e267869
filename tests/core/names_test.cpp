#include "difflm/core/names.h"

#include <gtest/gtest.h>

namespace difflm {
namespace {

TEST(SplitList, KeepsEmptyParts) {
  EXPECT_EQ(split_list("a, b", ", "), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(split_list("a+b++c", "+"), (std::vector<std::string>{"a", "b", "", "c"}));
  EXPECT_EQ(split_list("", ", "), (std::vector<std::string>{""}));
  EXPECT_EQ(split_list("a, ", ", "), (std::vector<std::string>{"a", ""}));
}

TEST(Names, edit_distance_counts_each_kind_of_edit_once) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("sqrt", "sqrt"), 0);
  EXPECT_EQ(edit_distance("sqrt", "sqr"), 1);
  EXPECT_EQ(edit_distance("sqrt", "squrt"), 1);
  EXPECT_EQ(edit_distance("sqrt", "sqft"), 1);
  EXPECT_EQ(edit_distance("sqrt", "srqt"), 1);  // neighbours swapped
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("ca", "abc"), 3);  // optimal string alignment, where the true Damerau distance is 2
}

TEST(Names, nearest_name_is_the_closest_and_none_when_all_are_far) {
  const std::vector<std::string> names = {"sqrt", "cosine", "linear"};
  EXPECT_EQ(nearest_name("cosin", names), "cosine");
  EXPECT_EQ(nearest_name("lienar", names), "linear");
  EXPECT_EQ(nearest_name("exponential", names), "");
}

TEST(Names, suggestion_names_the_nearest_or_all) {
  const std::vector<std::string> names = {"sqrt", "cosine"};
  EXPECT_EQ(suggestion("sqtr", names), "did you mean 'sqrt'?");
  EXPECT_EQ(suggestion("polynomial", names), "known: sqrt, cosine");
}

}  // namespace
}  // namespace difflm
