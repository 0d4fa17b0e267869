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

Json prepare(const std::string& toml, const std::string& folder) {
  Config config;
  config.read_toml(toml, "test.toml");
  return prepare_data(read_options<DataOptions>(config, "data"), config, folder);
}

TEST(Prepared, KnowsTheLabelsOfTenTrainingTexts) {
  const TemporaryFolder folder;
  const auto facts = prepare(kConfig, folder.file("data"));
  const auto labels = labels_of_corpus(read_facts(folder.file("data") + "/data.json"));
  EXPECT_EQ(labels, frequent_labels(read_prepared_documents(folder.file("data"), "train"), 10));
  EXPECT_GT(labels.size(), 5);
  auto damaged = facts;
  damaged["labels"] = "cafe";
  folder.write("data.json", to_text(damaged));
  EXPECT_NE(error_of([&] { read_facts(folder.file("data.json")); }).text.find("does not hold the facts of a corpus"),
            std::string::npos);
  damaged.erase("labels");
  folder.write("data.json", to_text(damaged));
  EXPECT_TRUE(labels_of_corpus(read_facts(folder.file("data.json"))).empty());
}

TEST(Prepared, RoundTrip) {
  const TemporaryFolder folder;
  EXPECT_FALSE(is_prepared(folder.file("data")));
  const auto facts = prepare(kConfig, folder.file("data"));
  ASSERT_TRUE(is_prepared(folder.file("data")));
  const PreparedData data = open_prepared(folder.file("data"));
  EXPECT_EQ(data.facts, facts);
  EXPECT_EQ(data.training.size() + data.validation.size(), 300);
  EXPECT_EQ(data.training.size(), facts["training"]["documents"].get<size_t>());
  EXPECT_EQ(data.tokenizer->size(), facts["vocabulary"].get<Token>());
  Config config;
  config.read_toml(kConfig, "test.toml");
  const auto corpus = read_corpus({}, "builtin", config);
  std::map<std::string, const Document*> by_text;
  for (const auto& document : corpus) by_text[document.text] = &document;
  for (const std::string side : {"train", "validation"}) {
    const auto& tokens = side == "train" ? data.training : data.validation;
    const auto documents = read_prepared_documents(folder.file("data"), side);
    ASSERT_EQ(documents.size(), tokens.size());
    std::map<std::string, size_t> lengths;
    for (size_t i = 0; i < documents.size(); ++i) {
      EXPECT_EQ(data.tokenizer->encode(documents[i].text), tokens[i]);
      if (side == "train") {
        EXPECT_EQ(data.tokenizer->decode(tokens[i]), data.tokenizer->normalise(documents[i].text));
      }
      ASSERT_TRUE(by_text.contains(documents[i].text));
      const Document& source = *by_text[documents[i].text];
      EXPECT_EQ(documents[i].attributes, source.attributes);
      EXPECT_EQ(documents[i].tags, source.tags);
      EXPECT_EQ(documents[i].tree, source.tree);
      EXPECT_FALSE(documents[i].tree.empty());
      ++lengths[std::to_string(tokens[i].size())];
    }
    EXPECT_EQ((facts[side == "train" ? "training" : "validation"]["lengths"].get<std::map<std::string, size_t>>()), lengths);
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

// The vocabulary may not know words that only the held-out texts have.
TEST(Prepared, TheTokenizerSeesTrainingTextsOnly) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 200; ++i) text += fmt::format("the same words and word{}\n", i);
  const std::string path = folder.write("corpus.txt", text);
  prepare(fmt::format("[data]\npath = \"{}\"\nvalidation = 0.3\n[data.word]\nmin_count = 1\n", path), folder.file("data"));
  const PreparedData data = open_prepared(folder.file("data"));
  ASSERT_GT(data.validation.size(), 20);
  for (const auto& document : data.validation) EXPECT_EQ(document.back(), kUnknown);
  EXPECT_EQ(data.facts["validation"]["unknown_tokens"].get<size_t>(), data.validation.size());
  EXPECT_EQ(data.facts["training"]["unknown_tokens"].get<size_t>(), 0);
}

TEST(Prepared, DuplicatesAreCounted) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 100; ++i) text += fmt::format("line {}\nline {}\n", i, i);
  const std::string path = folder.write("corpus.txt", text);
  const auto facts = prepare(fmt::format("[data]\npath = \"{}\"\nvalidation = 0.3\n", path), folder.file("data"));
  EXPECT_EQ(facts["corpus"]["duplicates"].get<size_t>(), 100);
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
  EXPECT_NE(failure_message([&] { read_prepared_documents(data, "train"); }).find("train.jsonl"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
