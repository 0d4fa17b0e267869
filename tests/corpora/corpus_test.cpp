#include "difflm/corpora/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/text/label.h"
#include "difflm/text/utf8.h"
#include "difflm/text/words.h"
#include "tokenizers/round_trip.h"

namespace difflm {
namespace {

using test::TemporaryFolder;
using test::usage_message;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

Config with(const std::string& toml) {
  Config config;
  config.read_toml(toml, "test.toml");
  return config;
}

std::vector<std::string> texts_of(const std::vector<Document>& documents) {
  std::vector<std::string> texts;
  for (const auto& document : documents) texts.push_back(document.text);
  return texts;
}

std::vector<Document> parse(const std::string& kind, const std::string& text, const std::string& toml = "") {
  return corpora().make(kind, with(toml))->parse("x", text);
}

// Each reader that reads files needs a sample of two documents, "First, caf\u00E9." and "Second."
const std::map<std::string, std::string>& samples() {
  static const std::map<std::string, std::string> kSamples = {
      {"txt", "First, caf\u00E9.\n\nSecond.\n"},
      {"jsonl", "{\"text\": \"First, caf\u00E9.\"}\n\n{\"text\": \"Second.\", \"stars\": 5}\n"},
      {"csv", "mr,ref\nname[A],\"First, caf\u00E9.\"\n\nname[B],Second.\n"},
      {"tagged", "First/ADV ,/PUNCT caf\u00E9/NOUN ./PUNCT\n\nSecond/ADV ./PUNCT\n"},
  };
  return kSamples;
}

std::string with_crlf(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return result;
}

std::vector<std::string> names_of_file_readers() {
  std::vector<std::string> names = corpora().names();
  std::erase_if(names, [](const std::string& name) { return !corpora().make(name, Config())->reads_files(); });
  return names;
}

class EveryFileCorpus : public ::testing::TestWithParam<std::string> {};
class EveryCorpus : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryFileCorpus, reads_the_same_whatever_the_newlines_and_the_byte_order_mark) {
  const std::string kind = GetParam();
  ASSERT_TRUE(samples().count(kind)) << "give this reader a sample above";
  const std::string sample = samples().at(kind);
  const TemporaryFolder folder;
  for (const std::string& content :
       {sample, with_crlf(sample), "\uFEFF" + sample, sample.substr(0, sample.size() - 1), sample + "\n\n"}) {
    const auto documents = read_corpus({folder.write("file", content)}, kind, Config());
    EXPECT_THAT(texts_of(documents), ElementsAre("First, caf\u00E9.", "Second.")) << content;
  }
}

TEST_P(EveryFileCorpus, mends_and_counts_invalid_bytes) {
  const std::string kind = GetParam();
  std::string sample = samples().at(kind);
  const size_t accent = sample.find("\u00E9");
  sample.erase(accent, 1);
  sample[accent] = '\x81';  // of no encoding that is read
  const TemporaryFolder folder;
  CorpusReport report;
  const auto documents = read_corpus({folder.write("file", sample)}, kind, Config(), &report);
  EXPECT_THAT(split_words(documents[0].text), ElementsAre("First", ",", "caf", "\uFFFD", "."));
  EXPECT_EQ(report.invalid_bytes, 1U);
  EXPECT_EQ(report.bytes, sample.size());
  EXPECT_EQ(report.files, 1U);
  EXPECT_EQ(report.kind, kind);
}

TEST_P(EveryFileCorpus, refuses_binary_and_empty_files) {
  const std::string kind = GetParam();
  const TemporaryFolder folder;
  const auto binary = folder.write("binary", std::string("\x7F"
                                                         "ELF\0\0",
                                                         6));
  EXPECT_THAT(usage_message([&] { read_corpus({binary}, kind, Config()); }), HasSubstr("binary"));
  const auto empty = folder.write("empty", "");
  EXPECT_THAT(usage_message([&] { read_corpus({empty}, kind, Config()); }), HasSubstr("holds no text"));
}

TEST_P(EveryCorpus, gives_valid_text_the_same_each_time) {
  const std::string kind = GetParam();
  const auto corpus = corpora().make(kind, Config());
  const std::string sample = corpus->reads_files() ? samples().at(kind) : "";
  const auto once = corpus->parse("x", sample);
  const auto twice = corpus->parse("x", sample);
  ASSERT_FALSE(once.empty());
  ASSERT_EQ(once.size(), twice.size());
  for (size_t i = 0; i < once.size(); ++i) {
    EXPECT_TRUE(is_valid_utf8(once[i].text));
    EXPECT_EQ(once[i].text, twice[i].text);
    EXPECT_EQ(once[i].attributes, twice[i].attributes);
  }
}

TEST_P(EveryCorpus, options_survive_toml) { test::expect_options_survive(corpora().info(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Corpora, EveryFileCorpus, ::testing::ValuesIn(names_of_file_readers()),
                         [](const auto& test) { return test.param; });
INSTANTIATE_TEST_SUITE_P(Corpora, EveryCorpus, ::testing::ValuesIn(corpora().names()), [](const auto& test) { return test.param; });

TEST(TxtCorpus, reads_lines_paragraphs_or_the_whole) {
  const std::string text = "one\ntwo\n \t\n\nthree\n";
  EXPECT_THAT(texts_of(parse("txt", text, "[data.txt]\nmode = 'paragraph'")), ElementsAre("one\ntwo", "three"));
  EXPECT_THAT(texts_of(parse("txt", text, "[data.txt]\nmode = 'stream'")), ElementsAre(text));
  const TemporaryFolder folder;
  CorpusReport report;
  EXPECT_THAT(texts_of(read_corpus({folder.write("x", text)}, "txt", Config(), &report)), ElementsAre("one", "two", "three"));
  EXPECT_EQ(report.empty_documents, 2U);
  EXPECT_THAT(usage_message([] { parse("txt", "", "[data.txt]\nmode = 'lines'"); }), HasSubstr("did you mean 'line'?"));
}

TEST(JsonlCorpus, other_scalars_are_attributes) {
  const auto documents =
      parse("jsonl", R"({"text":"a","food":"Fast \u00e9","stars":5,"price":1.5,"kids":true,"none":null,"list":[1],"more":{}})");
  ASSERT_EQ(documents.size(), 1U);
  EXPECT_EQ(documents[0].text, "a");
  EXPECT_THAT(documents[0].attributes,
              UnorderedElementsAre(Pair("food", "Fast \u00E9"), Pair("stars", "5"), Pair("price", "1.5"), Pair("kids", "true")));
}

TEST(JsonlCorpus, the_text_field_has_a_name_of_choice) {
  const auto documents = parse("jsonl", R"({"body":"a","text":"b"})", "[data.jsonl]\ntext_field = 'body'");
  EXPECT_EQ(documents[0].text, "a");
  EXPECT_THAT(documents[0].attributes, UnorderedElementsAre(Pair("text", "b")));
}

TEST(JsonlCorpus, newlines_inside_a_text_are_unified) { EXPECT_EQ(parse("jsonl", R"({"text":"a\r\nb"})")[0].text, "a\nb"); }

TEST(JsonlCorpus, errors_name_the_line) {
  const std::string good = "{\"text\":\"a\"}\n\n";
  EXPECT_THAT(usage_message([&] { parse("jsonl", good + "{\"text\":"); }), HasSubstr("x:3: not valid JSON"));
  EXPECT_THAT(usage_message([&] { parse("jsonl", good + "[1]"); }), HasSubstr("x:3: is array without texts, expected an object"));
  EXPECT_THAT(usage_message([&] { parse("jsonl", good + "{\"text\":5}"); }), HasSubstr("x:3: 'text' is number, expected a text"));
  EXPECT_THAT(usage_message([&] { parse("jsonl", good + "{\"txt\":\"a\"}"); }), HasSubstr("did you mean 'txt'?"));
  EXPECT_THAT(usage_message([&] { parse("jsonl", good + "{}"); }), HasSubstr("x:3: has no field 'text'"));
}

// As programs write it, though JSON has none of it.
TEST(JsonlCorpus, is_mended_where_programs_write_what_is_not_json) {
  const TemporaryFolder folder;
  CorpusReport report;
  const auto documents = read_corpus({folder.write("x.jsonl",
                                                   "{\"text\":\"a \\ud83d b\"}\n{\"text\":\"c\\u0000d\",\"n\":NaN}\n"
                                                   "{\"text\":\"tab\there\",\"n\":-Infinity,\"m\":1e999}\n"
                                                   "{\"text\":\"NaN \\ud83d\\ude00 \\\\u0000\",\"n\":5}\n")},
                                     "auto", Config(), &report);
  EXPECT_THAT(texts_of(documents), ElementsAre("a \uFFFD b", "cd", "tab\there", "NaN \U0001F600 \\u0000"));
  EXPECT_THAT(documents[1].attributes, UnorderedElementsAre());
  EXPECT_THAT(documents[3].attributes, UnorderedElementsAre(Pair("n", "5")));
  EXPECT_THAT(report.notes, IsSupersetOf({HasSubstr("lone surrogates in JSON, replaced by U+FFFD: 1"),
                                          HasSubstr("NUL characters in JSON, dropped: 1"),
                                          HasSubstr("NaN, Infinity and numbers out of range in JSON, passed over: 3")}));
}

TEST(JsonlCorpus, a_value_with_commas_is_one_label) {
  const auto documents = parse("jsonl", R"({"text":"a","topic":"Arts, Culture & Travel"})");
  EXPECT_EQ(labels_of(documents[0]), (std::vector<Label>{{"topic", "Arts, Culture & Travel"}}));
}

TEST(JsonlCorpus, several_fields_make_one_text) {
  for (const std::string asked : {"'title+body'", "['title', 'body']"}) {
    const auto documents = parse("jsonl", R"({"title":"A day","body":"It rained.","id":7})", "[data.jsonl]\ntext_field = " + asked);
    EXPECT_EQ(documents[0].text, "A day It rained.");
    EXPECT_THAT(documents[0].attributes, UnorderedElementsAre(Pair("id", "7")));
  }
}

TEST(CsvCorpus, a_meaning_becomes_attributes_and_so_do_other_columns) {
  const auto documents =
      parse("csv", "mr,ref,split,note\n\"name[The Eagle], area[city centre], near[]\",\"A, b\",dev,\nname[x],y,,n\n");
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_EQ(documents[0].text, "A, b");
  EXPECT_THAT(documents[0].attributes,
              UnorderedElementsAre(Pair("name", "The Eagle"), Pair("area", "city centre"), Pair("near", ""), Pair("split", "dev")));
  EXPECT_THAT(documents[1].attributes, UnorderedElementsAre(Pair("name", "x"), Pair("note", "n")));
}

TEST(CsvCorpus, columns_and_separator_can_be_chosen) {
  const auto documents = parse("csv", "id\ttext\n1\ta, \"b\"\n", "[data.csv]\ntext_column = 'text'\nseparator = 'tab'");
  EXPECT_EQ(documents[0].text, "a, \"b\"");
  EXPECT_THAT(documents[0].attributes, UnorderedElementsAre(Pair("id", "1")));
}

TEST(CsvCorpus, a_slot_named_twice_keeps_both_values) {
  EXPECT_THAT(parse("csv", "mr,ref\n\"near[a], near[b]\",t\n")[0].attributes, UnorderedElementsAre(Pair("near", "a, b")));
}

TEST(CsvCorpus, errors_name_the_line) {
  EXPECT_THAT(usage_message([] { parse("csv", "mr,ref\na[b],t\n\na[b]\n"); }), HasSubstr("x:4: has 1 columns, expected 2"));
  EXPECT_THAT(usage_message([] { parse("csv", "mr,ref\n\"a[b], c[d]\",\"x\ny\"\nq[r],t,u\n"); }), HasSubstr("x:4: has 3 columns"));
  EXPECT_THAT(usage_message([] { parse("csv", "mr,text\na[b],t\n", "[data.csv]\ntext_column = 'ref'"); }),
              HasSubstr("x:1: no column 'ref', there are: mr, text"));
  EXPECT_THAT(usage_message([] { parse("csv", "mr,ref\na[b],\"t\n", "[data.csv]\nquote = 'double'"); }),
              HasSubstr("x:2: a quote opens here"));
  for (const std::string meaning : {"plain", "a[b", "[b]", "a[b] c[d]", "a]b[c]", "a[b], c"}) {
    EXPECT_THAT(usage_message([&] { parse("csv", "mr,ref\n\"" + meaning + "\",t\n"); }),
                HasSubstr("x:2: '" + meaning + "' is not a meaning"));
  }
}

TEST(ReadCorpus, each_file_has_the_reader_that_its_content_asks_for) {
  const TemporaryFolder folder;
  folder.write("a.jsonl", "{\"text\":\"from jsonl\"}\n");
  folder.write("b.CSV", "ref\nfrom csv\n");
  folder.write("c.md", "from txt\n");
  CorpusReport report;
  const auto documents = read_corpus({folder.file("*")}, "auto", Config(), &report);
  EXPECT_THAT(texts_of(documents), ElementsAre("from jsonl", "from csv", "from txt"));
  EXPECT_EQ(report.kind, "csv+jsonl+txt");
  EXPECT_EQ(report.files, 3U);
}

TEST(ReadCorpus, globs_are_sorted_and_skip_folders_and_a_file_named_like_a_glob_is_itself) {
  const TemporaryFolder folder;
  folder.write("b.txt", "b");
  folder.write("a.txt", "a");
  folder.write("[x].txt", "brackets");
  std::filesystem::create_directory(folder.file("c.txt"));
  EXPECT_THAT(texts_of(read_corpus({folder.file("?.txt")}, "auto", Config())), ElementsAre("a", "b"));
  EXPECT_THAT(texts_of(read_corpus({folder.file("[x].txt")}, "auto", Config())), ElementsAre("brackets"));
  EXPECT_THAT(texts_of(read_corpus({folder.file("b.txt"), folder.file("a.txt")}, "auto", Config())), ElementsAre("b", "a"));
}

TEST(ReadCorpus, every_pattern_must_match) {
  const TemporaryFolder folder;
  const auto good = folder.write("a.txt", "a");
  EXPECT_THAT(usage_message([&] {
                read_corpus({good, folder.file("none.txt")}, "auto", Config());
              }),
              HasSubstr("none.txt: no such file"));
  EXPECT_THAT(usage_message([&] { read_corpus({good, folder.file("*.none")}, "auto", Config()); }), HasSubstr("no file matches"));
  EXPECT_THAT(usage_message([&] { read_corpus({}, "txt", Config()); }), HasSubstr("names no file"));
  EXPECT_THAT(usage_message([&] { read_corpus({good}, "text", Config()); }), HasSubstr("did you mean 'txt'?"));
}

// Ten lines in a thousand may be broken, and whoever reads them wants to know before the work begins how many there are.
TEST(ReadCorpus, broken_records_are_counted_in_the_error_or_left_out_and_named) {
  const TemporaryFolder folder;
  std::string lines;
  for (int i = 0; i < 40; ++i)
    lines += i % 10 == 3 ? "{\"text\": \"cut" + std::to_string(i) + "\n" : "{\"text\": \"line " + std::to_string(i) + "\"}\n";
  const std::string path = folder.write("x.jsonl", lines);
  const std::string message = usage_message([&] { read_corpus({path}, "auto", Config()); });
  EXPECT_THAT(message, HasSubstr("x.jsonl:4: not valid JSON"));
  EXPECT_THAT(message, HasSubstr("4 of 40 records"));
  EXPECT_THAT(message, HasSubstr("data.broken=skip"));
  CorpusReport report;
  EXPECT_EQ(read_corpus({path}, "auto", with("[data]\nbroken = 'skip'"), &report).size(), 36U);
  EXPECT_THAT(report.notes,
              Contains(AllOf(HasSubstr("left out: 4 of 40 records"), HasSubstr("x.jsonl:4"), HasSubstr("x.jsonl:34"))));
}

TEST(ReadCorpus, more_than_a_fifth_is_too_much_to_skip) {
  const TemporaryFolder folder;
  const std::string path = folder.write("x.jsonl", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"text\":\n");
  const std::string message = usage_message([&] { read_corpus({path}, "auto", with("[data]\nbroken = 'skip'")); });
  EXPECT_THAT(message, HasSubstr("1 of 3 records"));
  EXPECT_THAT(message, HasSubstr("data.corpus"));
}

TEST(ReadCorpus, a_file_in_another_encoding_is_an_error_and_a_few_bytes_are_a_note) {
  const TemporaryFolder folder;
  EXPECT_THAT(usage_message([&] { read_corpus({folder.write("gbk.txt", "\xB0\xD7\xBA\xD7\xCA\xC7\n")}, "auto", Config()); }),
              HasSubstr("iconv"));
  CorpusReport report;
  read_corpus({folder.write("bytes.txt", "a caf\xF5\xF8 in the old town\nand \xFF more\n")}, "auto", Config(), &report);
  EXPECT_EQ(report.invalid_bytes, 3U);
  EXPECT_THAT(report.notes, Contains(HasSubstr("replaced by U+FFFD")));
}

TEST(ReadCorpus, texts_from_before_utf8_are_read_and_noted) {
  const TemporaryFolder folder;
  CorpusReport report;
  const std::string path = folder.write("latin.csv",
                                        "title;text\nEins;\"Gr\xF6\xDF"
                                        "e und Ma\xDF\"\nZwei;\"\x84Spa\xDF\x93, sagt sie\"\n");
  const auto documents = read_corpus({path}, "auto", Config(), &report);
  EXPECT_EQ(documents.at(0).text, "Größe und Maß");
  EXPECT_EQ(documents.at(1).text, "„Spaß“, sagt sie");
  EXPECT_EQ(report.invalid_bytes, 0U);
  EXPECT_THAT(report.notes, Contains(HasSubstr("read as Windows-1252")));
}

TEST(ReadCorpus, what_is_read_as_plain_text_against_its_look_is_noted) {
  const TemporaryFolder folder;
  CorpusReport report;
  const std::string path = folder.write("x.jsonl", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n");
  EXPECT_THAT(texts_of(read_corpus({path}, "txt", Config(), &report)), ElementsAre("{\"text\":\"a\"}", "{\"text\":\"b\"}"));
  EXPECT_THAT(report.notes, Contains(HasSubstr("looks like JSON")));
}

TEST(ReadCorpus, an_empty_file_among_others_is_no_error) {
  const TemporaryFolder folder;
  folder.write("a.txt", "");
  folder.write("b.txt", "b");
  EXPECT_THAT(texts_of(read_corpus({folder.file("*.txt")}, "auto", Config())), ElementsAre("b"));
}

TEST(ReadCorpus, without_files_it_is_the_builtin_corpus) {
  CorpusReport report;
  EXPECT_FALSE(read_corpus({}, "auto", Config(), &report).empty());
  EXPECT_EQ(report.kind, "builtin");
  EXPECT_EQ(report.files, 0U);
}

TEST(TaggedCorpus, EachWordHasItsTag) {
  const auto documents = parse("tagged", "The/DET cafe/NOUN is/AUX and/or/CCONJ open/ADJ ./PUNCT\nHa/INTJ !/PUNCT\n");
  EXPECT_THAT(texts_of(documents), ElementsAre("The cafe is and/or open.", "Ha!"));
  EXPECT_THAT(split_words(documents[0].text), ElementsAre("The", "cafe", "is", "and", "/", "or", "open", "."));
  EXPECT_THAT(documents[0].tags, ElementsAre("DET", "NOUN", "AUX", "CCONJ", "CCONJ", "CCONJ", "ADJ", "PUNCT"));
  for (const std::string wrong : {"The/DET cafe", "The/DET /NOUN", "The/DET cafe/"}) {
    EXPECT_THAT(usage_message([&] { parse("tagged", "It/PRON\n" + wrong + "\n"); }), HasSubstr("x:2: '"));
  }
}

}  // namespace
}  // namespace difflm
