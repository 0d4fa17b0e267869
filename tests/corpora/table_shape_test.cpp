// Tables as spreadsheets and programs write them: what separates columns, whether quotes count, which column holds the text.
#include "difflm/corpora/table_shape.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "difflm/corpora/corpus.h"

namespace difflm::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

struct Table {
  std::vector<Document> documents;
  std::vector<std::string> notes;
};

Table read_table(const std::string& text, const std::string& toml = "") {
  Config config;
  config.read_toml(toml.empty() ? "" : "[data.csv]\n" + toml, "test.toml");
  Table table;
  ReadingLog log;
  corpora()
      .make("csv", config)
      ->read(
          "x.csv", text, [&](Document&& document) { table.documents.push_back(std::move(document)); }, log);
  log.finish();
  table.notes = log.notes();
  return table;
}

std::vector<std::string> texts(const Table& table) {
  std::vector<std::string> result;
  for (const auto& document : table.documents) result.push_back(document.text);
  return result;
}

constexpr const char* kRows =
    "ham,Anna went to the market with Ben.\nspam,Eve came back with a book.\nham,Nothing else happened that day.\n";

TEST(TableShape, TrailingCommasOfASpreadsheetAreNoColumns) {
  const Table table = read_table("v1,v2,,,\nham,Anna went to the market.,,,\nspam,Eve came back with a book.,,,\n");
  EXPECT_THAT(texts(table), ElementsAre("Anna went to the market.", "Eve came back with a book."));
  EXPECT_THAT(table.documents[0].attributes, ElementsAre(Pair("v1", "ham")));
}

TEST(TableShape, WithoutAHeaderColumnsHaveNumbers) {
  const Table table = read_table(kRows);
  EXPECT_THAT(texts(table),
              ElementsAre("Anna went to the market with Ben.", "Eve came back with a book.", "Nothing else happened that day."));
  EXPECT_THAT(table.documents[0].attributes, ElementsAre(Pair("1", "ham")));
  EXPECT_EQ(texts(read_table(kRows, "text_column = 1")), (std::vector<std::string>{"ham", "spam", "ham"}));
  EXPECT_EQ(read_table(kRows, "header = 'yes'").documents.size(), 2U);
  EXPECT_EQ(read_table(std::string("label,text\n") + kRows, "header = 'no'").documents.size(), 4U);
}

TEST(TableShape, ColumnsAreNamedWithoutTheSpacesAroundThemOrByNumber) {
  const std::string text = " label , Review Text \nham,Anna went home.\nspam,Ben stayed there.\n";
  for (const std::string column : {"'Review Text'", "' review text'", "2", "'2'"}) {
    EXPECT_THAT(texts(read_table(text, "text_column = " + column)), ElementsAre("Anna went home.", "Ben stayed there.")) << column;
  }
  EXPECT_THAT(usage_message([&] { read_table(text, "text_column = 3"); }),
              HasSubstr("no column '3', there are: label, Review Text"));
}

TEST(TableShape, SeveralColumnsAreJoinedBySpaces) {
  const std::string text = "id,a,b+c,d\n7,One.,Two.,Three.\n8,Four.,,Six.\n";
  EXPECT_THAT(texts(read_table(text, "text_column = 'a+d'")), ElementsAre("One. Three.", "Four. Six."));
  EXPECT_THAT(texts(read_table(text, "text_column = ['a', 'b+c', 'd']")), ElementsAre("One. Two. Three.", "Four. Six."));
  EXPECT_THAT(texts(read_table(text, "text_column = [2, 4]")), ElementsAre("One. Three.", "Four. Six."));
}

TEST(TableShape, NumberedPartsOfATextAreJoinedByThemselves) {
  std::string text = "storyid,storytitle,sentence1,sentence2,sentence3\n";
  for (int i = 0; i < 5; ++i)
    text += fmt::format("id{0},Day {0},Anna went to the market {0}.,Ben came back {0} times.,They sat in the garden {0}.\n", i);
  EXPECT_EQ(read_table(text).documents[1].text, "Anna went to the market 1. Ben came back 1 times. They sat in the garden 1.");
}

TEST(TableShape, AnIndexIsLeftOutAndColumnsMayBeNamedByNumbers) {
  const Table indexed = read_table(",text,label\n0,Anna went home with bread.,1\n1,Ben stayed there with Eve.,0\n");
  EXPECT_THAT(texts(indexed), ElementsAre("Anna went home with bread.", "Ben stayed there with Eve."));
  EXPECT_THAT(indexed.documents[0].attributes, ElementsAre(Pair("label", "1")));
  EXPECT_THAT(indexed.notes, Contains(HasSubstr("number the rows, left out: 1")));
  const Table numbered = read_table("0,1\nham,Anna went home with bread.\nspam,Ben stayed there with Eve.\n");
  EXPECT_THAT(texts(numbered), ElementsAre("Anna went home with bread.", "Ben stayed there with Eve."));
  const Table of_r =
      read_table("label,text\nr1,ham,Anna went home with bread.\nr2,spam,Ben stayed there with Eve.\n");  // rows have names, their
                                                                                                          // column has none
  EXPECT_THAT(texts(of_r), ElementsAre("Anna went home with bread.", "Ben stayed there with Eve."));
}

TEST(TableShape, TheColumnMostLikeTextsIsChosenAndSaid) {
  std::string text = "url,date,category,note,wording\n";
  for (int i = 0; i < 9; ++i) {
    text += fmt::format(
        "https://example.org/a/very/long/address/of/a/page/{0}/index.html,2020-01-0{0},news of the world,short {0},Number {0} is a "
        "longer text.\n",
        i);
  }
  EXPECT_EQ(read_table(text).documents[2].text, "Number 2 is a longer text.");
  const TableShape shape = find_table_shape(text, "x", {});
  EXPECT_THAT(shape.reasons, Contains(HasSubstr("'wording', of url, date, category, note, wording")));
}

TEST(TableShape, RowsWithoutTheirLastColumnsAreRead) {
  const Table table = read_table("text,label,more\nAnna went home.,1,x\nBen stayed there.\nEve came back.,0\n");
  EXPECT_THAT(texts(table), ElementsAre("Anna went home.", "Ben stayed there.", "Eve came back."));
  EXPECT_THAT(table.notes, Contains("rows without their last columns: 2"));
}

TEST(TableShape, TwoColumnsOfOneNameAreTwo) {
  EXPECT_THAT(read_table("text,tag,tag\nAnna went home.,a,b\n").documents[0].attributes,
              UnorderedElementsAre(Pair("tag", "a"), Pair("tag.2", "b")));
}

// Forty rows must not become thirty-six texts.
TEST(TableShape, StrayQuotesInATsvJoinNoRows) {
  std::string text = "text\tlabel\n";
  for (int i = 0; i < 40; ++i)
    text += fmt::format("{}Anna came back {} times.{}\t{}\n", i % 11 == 5 ? "\"" : "", i, i % 11 == 8 ? "\"" : "", i % 2);
  const Table table = read_table(text);
  EXPECT_EQ(table.documents.size(), 40U);
  EXPECT_EQ(table.documents[5].text, "\"Anna came back 5 times.");
  EXPECT_THAT(find_table_shape(text, "x", {}).settings, Contains(Pair("data.csv.quote", "none")));
  EXPECT_THAT(usage_message([&] { read_table(text, "quote = 'double'"); }), HasSubstr("data.csv.quote=none"));
}

TEST(TableShape, QuotesThatEncloseFieldsCountInATsvToo) {
  EXPECT_THAT(texts(read_table("text\tlabel\n\"Anna said \"\"yes\"\" twice.\"\t1\n\"Ben has\ta tab.\"\t0\n")),
              ElementsAre("Anna said \"yes\" twice.", "Ben has\ta tab."));
}

TEST(TableShape, ALineBreakInsideQuotesIsSaid) {
  const Table table = read_table("id,text\n1,\"Anna went home,\nand slept.\"\n2,\"Ben stayed, too.\"\n");
  EXPECT_THAT(texts(table), ElementsAre("Anna went home,\nand slept.", "Ben stayed, too."));
  EXPECT_THAT(table.notes, Contains("rows with line breaks inside quotes: 1"));
}

TEST(TableShape, AStrayQuoteInACsvIsNamedWithTheNumberOfBrokenRows) {
  std::string text = "id,text\n";
  for (int i = 0; i < 30; ++i) text += fmt::format("{},\"Anna, who came {} times.\"{}\n", i, i, i == 17 ? "x" : "");
  EXPECT_THAT(usage_message([&] { read_table(text); }), HasSubstr("x.csv:19: text after a closing quote"));
}

}  // namespace
}  // namespace difflm::test
