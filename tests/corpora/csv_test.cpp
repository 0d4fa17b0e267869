#include "difflm/corpora/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/expect_error.h"

namespace difflm {
namespace {

using test::usage_message;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Csv, quotes_hold_separators_line_feeds_and_quotes) {
  const auto rows = parse_csv("a,b\n\"x, y\",\"line\nbreak\"\n\"say \"\"hi\"\"\",\"\"\n", "x.csv");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_THAT(rows[0].fields, ElementsAre("a", "b"));
  EXPECT_THAT(rows[1].fields, ElementsAre("x, y", "line\nbreak"));
  EXPECT_THAT(rows[2].fields, ElementsAre("say \"hi\"", ""));
  EXPECT_EQ(rows[1].line, 2U);
  EXPECT_EQ(rows[2].line, 4U);  // the row before it holds a line feed
}

TEST(Csv, crlf_ends_a_row_and_the_last_row_needs_no_end) {
  const auto rows = parse_csv("a,b\r\n1,\"2\"\r\n\r\n3,4", "x.csv");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_THAT(rows[1].fields, ElementsAre("1", "2"));
  EXPECT_THAT(rows[2].fields, ElementsAre("3", "4"));
  EXPECT_EQ(rows[2].line, 4U);
}

TEST(Csv, empty_fields_are_fields) {
  EXPECT_THAT(parse_csv(",\n", "x")[0].fields, ElementsAre("", ""));
  EXPECT_THAT(parse_csv("a,", "x")[0].fields, ElementsAre("a", ""));
  EXPECT_THAT(parse_csv("\"\"", "x")[0].fields, ElementsAre(""));
  EXPECT_TRUE(parse_csv("", "x").empty());
}

TEST(Csv, a_quote_inside_a_plain_field_stands_for_itself) {
  EXPECT_THAT(parse_csv("5\" nail,x", "x")[0].fields, ElementsAre("5\" nail", "x"));
}

TEST(Csv, another_separator_frees_the_comma) {
  EXPECT_THAT(parse_csv("a,b;c", "x", {';', true})[0].fields, ElementsAre("a,b", "c"));
}

TEST(Csv, a_quote_that_never_closes_names_the_line_where_it_opened) {
  const auto message = usage_message([] { parse_csv("a,b\n1,\"2\n3,4\n", "x.csv"); });
  EXPECT_THAT(message, HasSubstr("x.csv:2"));
  EXPECT_THAT(message, HasSubstr("never closes"));
}

TEST(Csv, text_behind_a_closing_quote_is_an_error) {
  EXPECT_THAT(usage_message([] { parse_csv("a,b\n\"1\"x,2\n", "x.csv"); }), HasSubstr("x.csv:2"));
}

TEST(Csv, without_quoting_a_quote_is_a_character_and_a_row_a_line) {
  const auto rows = parse_csv("\"What is this, she asked.\t1\nAnd home.\"\t0\n", "x", {'\t', false});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_THAT(rows[0].fields, ElementsAre("\"What is this, she asked.", "1"));
  EXPECT_THAT(rows[1].fields, ElementsAre("And home.\"", "0"));
}

// One stray quote must not take the rest of the file with it.
TEST(Csv, reading_goes_on_with_the_line_after_a_row_that_cannot_be_read) {
  CsvReader reader("a,b\n1,\"2\"x\n3,4\n5,\"6\n7,8\n", {});
  std::vector<std::string> first;
  std::vector<std::string> problems;
  for (CsvRow row; reader.next(row);) {
    if (row.problem.empty()) {
      first.push_back(row.fields.front());
    } else {
      problems.push_back(std::to_string(row.problem_line) + " " + row.problem);
    }
  }
  EXPECT_THAT(first, ElementsAre("a", "3", "7"));
  EXPECT_THAT(problems, ElementsAre(HasSubstr("2 text after a closing quote"), HasSubstr("4 a quote opens here")));
}

}  // namespace
}  // namespace difflm
