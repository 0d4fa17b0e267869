// Texts longer than a sequence: where they are cut, what is kept of them, and what is said.
#include "difflm/data/long_texts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "data/random_documents.h"
#include "difflm/data/packing.h"
#include "difflm/text/utf8.h"
#include "tokenizers/trained_tokenizer.h"

namespace difflm::test {
namespace {

std::unique_ptr<Packing> packing(const std::string& name, const std::string& rule, const Tokenizer* tokenizer = nullptr) {
  auto result = packings().make(name, Config());
  result->cut_long_texts(long_texts().make(rule, Config()), tokenizer == nullptr ? TokenBreaks() : TokenBreaks(*tokenizer));
  return result;
}

// What the rules that keep everything give back, and what the others give of each text, in every epoch.
TEST(LongTextsContract, PartsFollowOneAnotherAndNoneIsTooLong) {
  constexpr int64_t kLongest = 12;
  TokenDocuments documents = random_documents(60, 50);
  documents.push_back(std::vector<Token>(10'000, 7));
  for (const auto& rule : long_texts().names()) {
    for (const std::string name : {"pad", "bucket"}) {
      for (uint64_t epoch = 0; epoch < 5; ++epoch) {
        SCOPED_TRACE(fmt::format("{}, {}, epoch {}", rule, name, epoch));
        const auto packer = packing(name, rule);
        std::vector<std::vector<Token>> seen(documents.size());
        std::vector<bool> ended(documents.size(), false);
        PackingReport report;
        for (const auto& sequence : packer->pack(documents, kLongest, epoch, &report)) {
          const auto index = static_cast<size_t>(sequence.document);
          const int64_t edge = name == "pad" ? 1 : 0;  // START
          EXPECT_LE(sequence.tokens.size(), kLongest);
          EXPECT_EQ(sequence.first, seen[index].empty() ? 0 : edge + static_cast<int64_t>(seen[index].size()));
          EXPECT_FALSE(ended[index]);
          ended[index] = sequence.ends;
          const auto part = packer->unpack(sequence.tokens);
          seen[index].insert(seen[index].end(), part.begin(), part.end());
        }
        size_t longer = 0;
        for (size_t i = 0; i < documents.size(); ++i) {
          const auto& text = documents[i];
          const bool fits = text.size() + (name == "pad" ? 2 : 0) <= static_cast<size_t>(kLongest);
          longer += fits ? 0 : 1;
          EXPECT_EQ(ended[i], fits || packer->long_texts().keeps_all());
          if (ended[i]) {
            EXPECT_EQ(seen[i], text);
          } else {
            EXPECT_TRUE(std::equal(seen[i].begin(), seen[i].end(), text.begin()));
          }
          EXPECT_EQ(seen[i].empty(), !fits && rule == "leave-out");
        }
        EXPECT_EQ(report.too_long, longer);
        EXPECT_EQ(report.lost_tokens == 0, packer->long_texts().keeps_all());
        EXPECT_EQ(report.longest, 10'000 + (name == "pad" ? 2 : 0));
      }
    }
  }
}

TEST(LongTexts, WindowsMoveFromEpochToEpoch) {
  const TokenDocuments documents = {std::vector<Token>(40, 7)};
  for (const auto& rule : long_texts().names()) {
    std::set<std::vector<size_t>> ways;
    for (uint64_t epoch = 0; epoch < 30; ++epoch) {
      std::vector<size_t> way;
      for (const auto& sequence : packing("bucket", rule)->pack(documents, 8, epoch, nullptr))
        way.push_back(sequence.tokens.size());
      ways.insert(way);
    }
    EXPECT_EQ(ways.size() > 5, packing("bucket", rule)->varies()) << rule;
  }
}

constexpr const char* kStory =
    "The first sentence is here. The second one, which is longer, costs \u00A33.14 (or so). \"Third!\" said the cook. And the "
    "fourth has "
    "no end that anybody could call near, although it goes on and on and on and on until it stops. Then a last one.";

TEST(TokenBreaks, PartsEndWithSentencesForEveryTokenizer) {
  Texts texts = training_texts();
  for (int i = 0; i < 5; ++i) texts.emplace_back(kStory);
  for (const auto& kind : tokenizers().names()) {
    SCOPED_TRACE(kind);
    const auto tokenizer = train_tokenizer(kind,
                                           with("[data.word]\nmin_count = 1\n[data.bpe]\nsize = 400\n[data.spaced]\nmin_count = 1\n"
                                                "[data.sentencepiece]\nsize = 200\n"),
                                           texts);
    const auto story = tokenizer->encode(kStory);
    const int64_t length = static_cast<int64_t>(story.size()) * 2 / 5;
    const auto packer = packing("bucket", "split", tokenizer.get());
    const auto sequences = packer->pack({story}, length, 0, nullptr);
    ASSERT_GE(sequences.size(), 3);
    ASSERT_LE(sequences.size(), 5);
    size_t sentences = 0;
    for (const auto& sequence : sequences) {
      std::string part = tokenizer->decode(sequence.tokens);
      while (!part.empty() && part.back() == ' ') part.pop_back();
      ASSERT_FALSE(part.empty());
      sentences += part.back() == '.' || part.back() == '"' ? 1 : 0;
      EXPECT_TRUE(part.back() == '.' || part.back() == '"' || part.back() == ',') << part;
      EXPECT_EQ(part.find("14"), part.find("3.14") == std::string::npos ? std::string::npos : part.find("3.14") + 2) << part;
    }
    EXPECT_GE(sentences, sequences.size() - 1);
  }
}

TEST(TokenBreaks, ScriptsWithoutSpacesHaveSentencesToo) {
  const std::string text = "今天天气很好。我们去公园散步，看见很多花。他说：“真美！”然后我们回家吃饭。";
  const auto tokenizer = train_tokenizer("char", with("[data.char]\nmin_count = 1\n"), {text});
  for (const auto& sequence : packing("bucket", "split", tokenizer.get())->pack({tokenizer->encode(text)}, 16, 0, nullptr)) {
    const std::string part = tokenizer->decode(sequence.tokens);
    EXPECT_TRUE(part.ends_with("。") || part.ends_with("”")) << part;
  }
}

// A text of one long word is cut into equal parts, and never inside a character.
TEST(TokenBreaks, WhereThereIsNoPlaceThePartsAreEqual) {
  const auto bytes = train_tokenizer("bpe", with("[data.bpe]\nsize = 260\n"), {"a b c", "d e f"});
  const auto text = bytes->encode("Grüßeüberallundäöüßäöüß");
  std::set<size_t> sizes;
  for (const auto& sequence : packing("bucket", "split", bytes.get())->pack({text}, 10, 0, nullptr)) {
    EXPECT_TRUE(is_valid_utf8(bytes->decode(sequence.tokens)));
    EXPECT_EQ(bytes->decode(sequence.tokens).find("\uFFFD"), std::string::npos);
    sizes.insert(sequence.tokens.size());
  }
  EXPECT_LE(*sizes.rbegin() - *sizes.begin(), 3);
}

TEST(LongTexts, TheReportSaysHowMuchAndWhatWouldHoldAll) {
  const TokenDocuments documents = {{7, 8}, std::vector<Token>(6, 7), std::vector<Token>(12, 8)};
  const auto said = [&](const std::string& rule, int64_t length) {
    PackingReport report;
    const auto packer = packing("bucket", rule);
    packer->pack(documents, length, 0, &report);
    return report.of_long_texts(length, packer->long_texts().done());
  };
  EXPECT_EQ(said("leave-out", 12), "");
  EXPECT_EQ(said("leave-out", 8),
            "1 of 3 texts (60.0% of all tokens) are longer than data.length = 8 and are left out; data.length=12 takes all of them "
            "whole");
  EXPECT_EQ(
      said("split", 8),
      "1 of 3 texts (60.0% of all tokens) are longer than data.length = 8 and are split at the ends of sentences, into 2 parts; "
      "data.length=12 takes all of them whole");
  EXPECT_NE(said("cut", 4).find("2 of 3 texts (90.0% of all tokens)"), std::string::npos);
  EXPECT_NE(said("cut", 4).find("cut: 50.0% of all tokens are lost"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
