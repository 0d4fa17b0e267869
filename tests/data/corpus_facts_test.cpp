// data.json: its layout, that it is read back as written, and the error for a damaged one.
#include "difflm/data/corpus_facts.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/expect_error.h"
#include "core/temporary_folder.h"

namespace difflm::test {
namespace {

CorpusFacts some_facts() {
  CorpusFacts facts;
  facts.hash = "00c0ffee";
  facts.source = {2, 300, 1, 3, "jsonl"};
  facts.duplicates = 4;
  facts.duplicates_kept_apart = 1;
  facts.vocabulary = 50;
  facts.training = {3, 27, 2, {{9, 2}, {10, 1}, {100, 1}}};
  facts.validation = {1, 5, 0, {{5, 1}}};
  facts.labels = {{"area", "city centre"}, {"food", "Greek"}, {"food", "Thai"}};
  facts.annotated = {"tagger", 4};
  return facts;
}

// As every version of difflm has written it.
constexpr const char* kFile = R"({
  "format": "difflm prepared corpus 1",
  "hash": "00c0ffee",
  "corpus": {
    "kind": "jsonl",
    "files": 2,
    "bytes": 300,
    "invalid_bytes_replaced": 1,
    "empty_documents_dropped": 3,
    "duplicates": 4,
    "duplicates_of_validation_texts_kept_out_of_training": 1
  },
  "vocabulary": 50,
  "training": {
    "documents": 3,
    "tokens": 27,
    "unknown_tokens": 2,
    "lengths": {
      "9": 2,
      "10": 1,
      "100": 1
    }
  },
  "validation": {
    "documents": 1,
    "tokens": 5,
    "unknown_tokens": 0,
    "lengths": {
      "5": 1
    }
  },
  "labels": {
    "area": [
      "city centre"
    ],
    "food": [
      "Greek",
      "Thai"
    ]
  },
  "annotated": {
    "by": "tagger",
    "texts": 4
  }
}
)";

TEST(CorpusFacts, TheFileIsAsItWas) {
  const TemporaryFolder folder;
  write_corpus_facts(folder.file("data.json"), some_facts());
  EXPECT_EQ(folder.read("data.json"), kFile);
  EXPECT_EQ(read_corpus_facts(folder.file("data.json")), some_facts());
}

TEST(CorpusFacts, WhatACorpusHasNotIsNotWritten) {
  const TemporaryFolder folder;
  CorpusFacts facts = some_facts();
  facts.labels.clear();
  facts.annotated.reset();
  write_corpus_facts(folder.file("data.json"), facts);
  EXPECT_EQ(folder.read("data.json").find("labels"), std::string::npos);
  EXPECT_EQ(folder.read("data.json").find("annotated"), std::string::npos);
  EXPECT_EQ(read_corpus_facts(folder.file("data.json")), facts);
}

TEST(CorpusFacts, NotesOfTheReadingAreKept) {
  const TemporaryFolder folder;
  CorpusFacts facts = some_facts();
  facts.source.notes = {"x.csv: read as csv", "rows without their last columns: 3"};
  write_corpus_facts(folder.file("data.json"), facts);
  EXPECT_EQ(read_corpus_facts(folder.file("data.json")), facts);
}

TEST(CorpusFacts, DamageIsNamed) {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& text) {
    const std::string path = folder.write("data.json", text);
    return failure_message([&] { read_corpus_facts(path); });
  };
  const auto changed = [&](const std::string& pointer, const nlohmann::ordered_json& value) {
    auto json = nlohmann::ordered_json::parse(kFile);
    json[nlohmann::ordered_json::json_pointer(pointer)] = value;
    return message(json.dump());
  };
  const auto without = [&](const std::string& key) {
    auto json = nlohmann::ordered_json::parse(kFile);
    json.erase(key);
    return message(json.dump());
  };
  EXPECT_NE(message("{\"hash\":").find("is not JSON"), std::string::npos);
  const std::string no_facts = "does not hold the facts of a corpus";
  for (const std::string text : {"[]", "{}", "null", "3"}) EXPECT_NE(message(text).find(no_facts), std::string::npos) << text;
  for (const std::string key : {"corpus", "training", "validation"})
    EXPECT_NE(without(key).find(no_facts), std::string::npos) << key;
  const auto list = nlohmann::ordered_json::array({1, 2});
  for (const std::string pointer : {"/hash", "/corpus/kind", "/training/tokens", "/validation/lengths", "/labels", "/annotated"})
    EXPECT_NE(changed(pointer, list).find(no_facts), std::string::npos) << pointer;
  EXPECT_NE(changed("/training/lengths", {{"x", 1}}).find("impossible length 'x'"), std::string::npos);
  EXPECT_NE(changed("/training/lengths", {{"7", 0}}).find("impossible length '7' of 0 texts"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
