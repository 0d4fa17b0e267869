// A prepared corpus read back is what was prepared.
#include "difflm/data/prepared.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/core/json.h"

namespace difflm::test {
namespace {

const char* const kConfig =
    "[data]\ncorpus = \"builtin\"\nvalidation = 0.2\n[data.builtin]\nsentences = 300\n[data.word]\nmin_count = 1\n";

CorpusFacts prepare(const std::string& toml, const std::string& folder) {
  Config config;
  config.read_toml(toml, "test.toml");
  return prepare_data(read_options<DataOptions>(config, "data"), config, folder);
}

TEST(Prepared, KnowsTheLabelsOfTenTrainingTexts) {
  const TemporaryFolder folder;
  const CorpusFacts facts = prepare(kConfig, folder.file("data"));
  EXPECT_EQ(facts.labels, frequent_labels(read_prepared_documents(folder.file("data"), Side::training), 10));
  EXPECT_GT(facts.labels.size(), 5);
}

TEST(Prepared, RoundTrip) {
  const TemporaryFolder folder;
  EXPECT_FALSE(is_prepared(folder.file("data")));
  const CorpusFacts facts = prepare(kConfig, folder.file("data"));
  ASSERT_TRUE(is_prepared(folder.file("data")));
  const PreparedData data = open_prepared(folder.file("data"));
  EXPECT_EQ(data.facts, facts);
  EXPECT_EQ(data.training.size() + data.validation.size(), 300);
  EXPECT_EQ(data.training.size(), facts.training.documents);
  EXPECT_EQ(data.tokenizer->size(), facts.vocabulary);
  Config config;
  config.read_toml(kConfig, "test.toml");
  const auto corpus = read_corpus({}, "builtin", config);
  std::map<std::string, const Document*> by_text;
  for (const auto& document : corpus) by_text[document.text] = &document;
  const auto texts = data.documents();
  for (const Side side : kSides) {
    const auto& tokens = data.tokens(side);
    const auto& documents = texts[side];
    ASSERT_EQ(documents.size(), tokens.size());
    std::map<int64_t, int64_t> lengths;
    for (size_t i = 0; i < documents.size(); ++i) {
      EXPECT_EQ(data.tokenizer->encode(documents[i].text), tokens[i]);
      if (side == Side::training) {
        EXPECT_EQ(data.tokenizer->decode(tokens[i]), data.tokenizer->normalise(documents[i].text));
      }
      ASSERT_TRUE(by_text.contains(documents[i].text));
      const Document& source = *by_text[documents[i].text];
      EXPECT_EQ(documents[i].attributes, source.attributes);
      EXPECT_EQ(documents[i].tags, source.tags);
      EXPECT_EQ(documents[i].tree, source.tree);
      EXPECT_FALSE(documents[i].tree.empty());
      ++lengths[static_cast<int64_t>(tokens[i].size())];
    }
    EXPECT_EQ((side == Side::training ? facts.training : facts.validation).lengths, lengths);
  }
}

TEST(Prepared, SameCorpusSameBytes) {
  const TemporaryFolder folder;
  prepare(kConfig, folder.file("a"));
  prepare(kConfig, folder.file("b"));
  for (const std::string name : {"tokenizer.json", "train.bin", "validation.bin", "train.jsonl", "validation.jsonl", "data.json"}) {
    EXPECT_EQ(folder.read("a/" + name), folder.read("b/" + name)) << name;
    EXPECT_FALSE(folder.read("a/" + name).empty()) << name;
  }
}

// The vocabulary must not contain words that only the held-out texts have.
TEST(Prepared, TheTokenizerSeesTrainingTextsOnly) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 200; ++i) text += fmt::format("the same words and word{}\n", i);
  const std::string path = folder.write("corpus.txt", text);
  prepare(fmt::format("[data]\npath = \"{}\"\nvalidation = 0.3\n[data.word]\nmin_count = 1\n", path), folder.file("data"));
  const PreparedData data = open_prepared(folder.file("data"));
  ASSERT_GT(data.validation.size(), 20);
  for (const auto& document : data.validation) EXPECT_EQ(document.back(), kUnknown);
  EXPECT_EQ(data.facts.validation.unknown_tokens, data.validation.size());
  EXPECT_EQ(data.facts.training.unknown_tokens, 0);
}

// Until all is ready, what was there before stays whole; what a killed preparation has left does no harm.
TEST(Prepared, AFailedPreparationLeavesTheOldOne) {
  const TemporaryFolder folder;
  const CorpusFacts facts = prepare(kConfig, folder.file("data"));
  Config config;
  config.read_toml(std::string(kConfig) + "[data.char]\nmin_count = 1\n", "test.toml");
  config.set("data.tokenizer", {std::string("char"), ""});
  const auto options = read_options<DataOptions>(config, "data");
  const auto refuse = [](const CorpusFacts&) { throw failure("here", "refused"); };
  failure_message([&] { prepare_data(options, config, folder.file("data"), nullptr, refuse); });
  EXPECT_EQ(open_prepared(folder.file("data")).facts, facts);
  std::filesystem::create_directories(folder.file("data/unfinished"));
  folder.write("data/unfinished/train.bin", "half");
  EXPECT_EQ(open_prepared(folder.file("data")).facts, facts);
  prepare_data(options, config, folder.file("data"));
  EXPECT_EQ(open_prepared(folder.file("data")).tokenizer->kind(), "char");
  EXPECT_FALSE(std::filesystem::exists(folder.file("data/unfinished")));
  prepare_data(options, config, folder.file("new"), nullptr, [](const CorpusFacts&) {});
  EXPECT_TRUE(is_prepared(folder.file("new")));
}

TEST(Prepared, DuplicatesAreCounted) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 100; ++i) text += fmt::format("line {}\nline {}\n", i, i);
  const std::string path = folder.write("corpus.txt", text);
  const CorpusFacts facts = prepare(fmt::format("[data]\npath = \"{}\"\nvalidation = 0.3\n", path), folder.file("data"));
  EXPECT_EQ(facts.duplicates, 100);
}

TEST(Prepared, TextsThatAreNotThoseOfTheTokensAreAFailure) {
  const TemporaryFolder folder;
  prepare(kConfig, folder.file("data"));
  for (const Side side : kSides) {
    auto documents = read_prepared_documents(folder.file("data"), side);
    documents.pop_back();
    write_prepared_documents(folder.file("data"), side, documents);
    const PreparedData data = open_prepared(folder.file("data"));
    const std::string message = failure_message([&] { data.documents(); });
    EXPECT_NE(message.find(std::string(file_stem(side)) + ".jsonl"), std::string::npos) << message;
    documents.push_back(documents.front());
    write_prepared_documents(folder.file("data"), side, documents);
    EXPECT_EQ(data.documents()[side].size(), documents.size());
  }
}

TEST(Prepared, DamageIsNamed) {
  const TemporaryFolder folder;
  const std::string data = folder.file("data");
  EXPECT_NE(usage_message([&] { open_prepared(data); }).find("data.json is missing"), std::string::npos);
  const auto damaged = [&](const std::string& name, const std::string& content) {
    prepare(kConfig, data);
    folder.write("data/" + name, content);
    const Caught caught = error_of([&] { open_prepared(data); });
    EXPECT_NE(caught.text.find(name), std::string::npos) << caught.text;
  };
  damaged("data.json", "{");
  damaged("tokenizer.json", "not json");
  damaged("tokenizer.json", "{\"kind\": \"nonsense\"}");
  damaged("train.bin", "odd");
  damaged("validation.bin", std::string("\xff\xff\x01\x00", 4));
  std::filesystem::remove(data + "/train.bin");
  EXPECT_NE(error_of([&] { open_prepared(data); }).text.find("train.bin"), std::string::npos);
  folder.write("data/train.jsonl", "{\"text\": \"a\"}\nrubbish\n");
  EXPECT_NE(failure_message([&] { read_prepared_documents(data, Side::training); }).find("train.jsonl"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
