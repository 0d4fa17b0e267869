// Formats are found by content, whatever a file is called: the same texts in every dress give the same documents.
#include "difflm/corpora/detect.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/corpora/corpus.h"

namespace difflm::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

std::vector<std::string> some_texts() {
  std::vector<std::string> texts;
  for (int i = 0; i < 12; ++i) texts.push_back(fmt::format("Anna went to the market {} times, and came \"back\" with bread.", i));
  return texts;
}

std::string quoted(const std::string& text, const std::string& quote) {
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? quote + "\"" : std::string(1, c);
  return result + "\"";
}

std::string each(const std::vector<std::string>& texts, const std::function<std::string(const std::string&)>& line) {
  std::string result;
  for (const auto& text : texts) result += line(text);
  return result;
}

// "value, value ..." as often as there are texts.
std::string repeated(const std::string& value) {
  std::string result = value;
  for (size_t i = 1; i < some_texts().size(); ++i) result += ",\n" + value;
  return result;
}

// Values on lines of their own as members "0", "1" ...
std::string numbered(const std::string& values) {
  std::string result;
  int number = 0;
  for (size_t at = 0; at < values.size(); ++number) {
    const size_t end = std::min(values.find('\n', at), values.size());
    std::string value = values.substr(at, end - at);
    if (value.ends_with(',')) value.pop_back();
    result += fmt::format("{}\"{}\": {}", result.empty() ? "" : ", ", number, value);
    at = end + 1;
  }
  return result;
}

struct Dress {
  std::string name;
  std::string corpus;
  std::string content;
};

std::vector<Dress> dresses() {
  const auto texts = some_texts();
  const auto json = [](const std::string& text) { return quoted(text, "\\"); };
  const auto csv = [](const std::string& text) { return quoted(text, "\""); };
  const std::string objects =
      each(texts, [&](const std::string& text) { return "{\"text\": " + json(text) + ", \"style\": \"plain\"},\n"; });
  const std::string list = "[" + objects.substr(0, objects.size() - 2) + "]";
  const std::string strings = each(texts, [&](const std::string& text) { return json(text) + ",\n"; });
  return {
      {"lines", "jsonl", each(texts, [&](const std::string& text) { return "{\"label\": 1, \"text\": " + json(text) + "}\n"; })},
      {"content", "jsonl",
       each(texts, [&](const std::string& text) { return "{\"id\": \"a7\", \"content\": " + json(text) + "}\n"; })},
      {"unnamed", "jsonl",
       each(texts, [&](const std::string& text) { return "{\"id\": \"a7\", \"wording\": " + json(text) + "}\n"; })},
      {"lists", "jsonl", each(texts, [&](const std::string& text) { return "[" + json(text) + "]\n"; })},
      {"texts", "jsonl", each(texts, [&](const std::string& text) { return json(text) + "\n"; })},
      {"list of objects", "jsonl", list},
      {"list of texts", "jsonl", "[\n" + strings.substr(0, strings.size() - 2) + "\n]\n"},
      {"list in an object", "jsonl", "{\"version\": \"1.0\", \"data\": " + list + "}"},
      {"columns of lists", "jsonl", "{\"id\": [" + repeated("7") + "], \"text\": [" + strings.substr(0, strings.size() - 2) + "]}"},
      {"columns of objects", "jsonl", "{\"id\": {" + numbered(repeated("7")) + "}, \"text\": {" + numbered(strings) + "}}"},
      {"pretty", "jsonl", each(texts, [&](const std::string& text) { return "{\n  \"text\": " + json(text) + "\n}\n"; })},
      {"comma", "csv", "id,text\n" + each(texts, [&](const std::string& text) { return "7," + csv(text) + "\n"; })},
      {"semicolon", "csv", "id;text\n" + each(texts, [&](const std::string& text) { return "7;" + csv(text) + "\n"; })},
      {"tab", "csv", "id\ttext\n" + each(texts, [](const std::string& text) { return "7\t" + text + "\n"; })},
      {"tab and quotes", "csv", "id\ttext\n" + each(texts, [&](const std::string& text) { return "7\t" + csv(text) + "\n"; })},
      {"plain", "txt", each(texts, [](const std::string& text) { return text + "\n"; })},
      {"marks", "txt", each(texts, [](const std::string& text) { return text + "\n<|endoftext|>\n"; })},
      {"marks inside lines", "txt", each(texts, [](const std::string& text) { return text + "</s>"; })},
  };
}

TEST(Detect, TheSameTextsInEveryDress) {
  const TemporaryFolder folder;
  for (const auto& dress : dresses()) {
    for (const std::string ending : {".txt", ".dat", ""}) {
      CorpusReport report;
      std::vector<std::string> texts;
      for (const auto& document : read_corpus({folder.write("file" + ending, dress.content)}, "auto", Config(), &report))
        texts.push_back(document.text);
      EXPECT_EQ(texts, some_texts()) << dress.name;
      EXPECT_EQ(report.kind, dress.corpus) << dress.name;
      EXPECT_THAT(report.notes, Contains(HasSubstr("read as " + dress.corpus))) << dress.name;
    }
  }
}

TEST(Detect, SaysWhatItFoundAsSettingsAndWhy) {
  const DetectedFormat format = detect_format(
      "x.tsv", "label\treview\nham\tAnna went home with bread.\nspam\tBen went home with a book.\nham\tEve stayed there.\n");
  EXPECT_EQ(format.corpus, "csv");
  EXPECT_THAT(format.settings, testing::ElementsAre(Pair("data.csv.separator", "tab"), Pair("data.csv.quote", "none"),
                                                    Pair("data.csv.header", "yes"), Pair("data.csv.text_column", "review")));
  EXPECT_EQ(format.reasons.size(), format.settings.size() + 1);
}

TEST(Detect, WhatIsSetIsKept) {
  Config config;
  config.read_toml(
      "[data]\ncorpus = 'csv'\n[data.csv]\nseparator = 'comma'\ntext_column = 'label'\nheader = 'yes'\nquote = 'double'\n",
      "test.toml");
  EXPECT_TRUE(detect_format("x", "label,text\nham,Anna went home with bread.\n", config).settings.empty());
}

// Never silently trained on as something it is not.
TEST(Detect, WhatCannotBeReadIsAnErrorWithTheWaysOut) {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& name, const std::string& content) {
    return usage_message([&] { read_corpus({folder.write(name, content)}, "auto", Config()); });
  };
  EXPECT_THAT(refused("a.txt", "{'text': 'as Python writes it'}\n{'text': 'twice'}\n"),
              AllOf(HasSubstr("looks like JSON"), HasSubstr("data.corpus=txt")));
  EXPECT_THAT(refused("a.json", "no JSON at all\n"), AllOf(HasSubstr("holds no JSON"), HasSubstr("data.corpus")));
  EXPECT_THAT(refused("a.txt", "<?xml version=\"1.0\"?><a>x</a>"), AllOf(HasSubstr("XML"), HasSubstr("data.corpus")));
  EXPECT_THAT(refused("a.txt", "<!DOCTYPE html><p>x"), HasSubstr("HTML"));
  EXPECT_THAT(refused("a.txt", "%PDF-1.7 x"), HasSubstr("pdftotext"));
  EXPECT_THAT(refused("a.docx", std::string("PK\x03\x04\0\0", 6)), HasSubstr("export it"));
  EXPECT_THAT(refused("a.jsonl", "{\"n\": 1}\n{\"n\": 2}\n"),
              AllOf(HasSubstr("has no field 'text'"), HasSubstr("data.jsonl.text_field")));
}

// What has braces, brackets or commas is not JSON or a table for that.
TEST(Detect, ProseStaysProse) {
  std::string verses;
  std::string commas;
  for (int i = 0; i < 30; ++i) {
    verses += fmt::format("[Verse {}]\nThe river runs\n", i);
    commas += fmt::format("Anna went to market {}, and came back\n", i);
  }
  EXPECT_EQ(detect_corpus("x", verses).first, "txt");
  EXPECT_EQ(detect_corpus("x", commas).first, "txt");
  EXPECT_EQ(detect_corpus("x", "\"To be,\" he said.\n\"Or not,\" she said.\nAnd then.\n").first, "txt");
  EXPECT_EQ(detect_corpus("x", "{curly} words\nand others\n").first, "txt");
}

TEST(Detect, AListInAnObjectIsSaidWithWhatIsLeftOut) {
  const TemporaryFolder folder;
  CorpusReport report;
  const std::string content = R"({"info": {"by": "x"}, "data": {"rows": [{"text": "one two three"}, {"text": "four five six"}]}})";
  EXPECT_EQ(read_corpus({folder.write("x", content)}, "auto", Config(), &report).size(), 2U);
  EXPECT_THAT(report.notes, Contains(AllOf(HasSubstr("data.rows"), HasSubstr("1 other"))));
}

TEST(Detect, ListsOfWordsAreTextsAndListsOfTextsAreLists) {
  const TemporaryFolder folder;
  const auto texts = [&](const std::string& content) {
    std::vector<std::string> result;
    for (const auto& document : read_corpus({folder.write("x", content)}, "auto", Config())) result.push_back(document.text);
    return result;
  };
  EXPECT_EQ(texts("[\"The\", \"cat\", \"sat\"]\n[\"A\", \"dog\", \"ran\"]\n"),
            (std::vector<std::string>{"The cat sat", "A dog ran"}));
  EXPECT_EQ(texts("[\"The cat sat\", \"A dog ran\"]\n[\"Two more\", \"Three more\"]\n"),
            (std::vector<std::string>{"The cat sat", "A dog ran", "Two more", "Three more"}));
}

}  // namespace
}  // namespace difflm::test
