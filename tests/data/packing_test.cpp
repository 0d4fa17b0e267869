// Every listed packing keeps the text; what each adds and leaves out.
#include "difflm/data/packing.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "core/expect_error.h"
#include "data/random_documents.h"

namespace difflm::test {
namespace {

using ::testing::ElementsAre;

std::unique_ptr<Packing> packing(const std::string& name) { return packings().make(name, Config()); }

std::vector<Sequence> tokens_of(const std::vector<PackedSequence>& packed) {
  std::vector<Sequence> result;
  for (const auto& sequence : packed) result.push_back(sequence.tokens);
  return result;
}

TEST(PackingContract, UnpackGivesTheDocumentsBack) {
  constexpr int64_t kLength = 16;
  const TokenDocuments documents = random_documents(200, kLength - 2);
  for (const auto& name : packings().names()) {
    SCOPED_TRACE(name);
    const auto packer = packing(name);
    PackingReport report;
    const auto sequences = packer->pack(documents, kLength, 0, &report);
    EXPECT_EQ(report.documents, documents.size());
    EXPECT_EQ(report.too_long, 0);
    if (packer->frame() != Frame::stream) {
      ASSERT_EQ(sequences.size(), documents.size());
      for (size_t i = 0; i < documents.size(); ++i) EXPECT_EQ(packer->unpack(sequences[i].tokens), documents[i]) << i;
      continue;
    }
    std::vector<Token> texts;
    for (const auto& sequence : sequences) {
      EXPECT_EQ(sequence.tokens.size(), static_cast<size_t>(kLength));
      const auto part = packer->unpack(sequence.tokens);
      texts.insert(texts.end(), part.begin(), part.end());
    }
    std::vector<Token> stream;
    for (const auto& document : documents) stream.insert(stream.end(), document.begin(), document.end());
    ASSERT_LE(texts.size(), stream.size());
    EXPECT_LT(stream.size() - texts.size(), static_cast<size_t>(kLength));  // all but an incomplete last block
    EXPECT_TRUE(std::equal(texts.begin(), texts.end(), stream.begin()));
  }
}

TEST(PackingContract, SequencesAreNeverLongerThanAsked) {
  const TokenDocuments documents = random_documents(100, 40);
  for (const auto& name : packings().names()) {
    for (uint64_t epoch = 0; epoch < 4; ++epoch) {
      for (const auto& sequence : packing(name)->pack(documents, 10, epoch, nullptr)) EXPECT_LE(sequence.tokens.size(), 10) << name;
    }
  }
}

// A text that is empty or comes in parts does not shift the document indices of the others.
TEST(PackingContract, ASequenceKnowsItsDocument) {
  const TokenDocuments documents = {{7, 8}, {}, {4, 5, 6, 7, 8, 9, 10}, {9}, {7, 8}, {10, 11, 12}};
  for (const auto& name : packings().names()) {
    SCOPED_TRACE(name);
    const auto packer = packing(name);
    std::set<int64_t> seen;
    for (const auto& sequence : packer->pack(documents, 5, 0, nullptr)) {
      if (packer->frame() == Frame::stream) {
        EXPECT_EQ(sequence.document, kNoDocument);
        continue;
      }
      const auto text = packer->unpack(sequence.tokens);
      const auto& whole = documents.at(static_cast<size_t>(sequence.document));
      const int64_t begin = sequence.first - (packer->frame() == Frame::framed && sequence.first > 0 ? 1 : 0);  // after START
      ASSERT_LE(begin + static_cast<int64_t>(text.size()), static_cast<int64_t>(whole.size()));
      EXPECT_TRUE(std::equal(text.begin(), text.end(), whole.begin() + begin));
      seen.insert(sequence.document);
    }
    if (packer->frame() == Frame::whole) {
      EXPECT_THAT(seen, ElementsAre(0, 2, 3, 4, 5));
    }
    if (packer->frame() == Frame::framed) {
      EXPECT_EQ(seen.size(), documents.size());
    }
  }
}

TEST(PackingContract, LengthThatCannotBeIsAUsageError) {
  for (const auto& name : packings().names()) {
    SCOPED_TRACE(name);
    const auto packer = packing(name);
    // What is longer than the model's sequences is written block by block; a framed sequence has START, END and PAD besides.
    const bool framed = packer->frame() == Frame::framed;
    EXPECT_EQ(packer->sequence_length(11, 10), framed ? 13 : 11);
    EXPECT_EQ(packer->sequence_length(5, 10), framed ? 10 : 5);
    usage_message([&] { packer->sequence_length(0, 10); });
    usage_message([&] { packer->sequence_length(1'000'001, 10); });
  }
}

TEST(PadPacking, FramesThenPads) {
  const auto sequences = packing("pad")->pack({{7, 8}}, 6, 0, nullptr);
  ASSERT_EQ(sequences.size(), 1);
  EXPECT_THAT(sequences[0].tokens, ElementsAre(kStart, 7, 8, kEnd, kPad, kPad));
}

// As in the reference, END is lost with the rest.
TEST(PadPacking, CutsWhatDoesNotFit) {
  PackingReport report;
  const auto packer = packing("pad");
  packer->cut_long_texts(long_texts().make("cut", Config()), {});
  const auto sequences = packer->pack({{7, 8, 9, 10}, {7}}, 4, 0, &report);
  EXPECT_THAT(sequences[0].tokens, ElementsAre(kStart, 7, 8, 9));
  EXPECT_EQ(report.too_long, 1);
}

TEST(PadPacking, ATextEndsAtItsFirstEnd) {
  EXPECT_THAT(packing("pad")->unpack(Sequence{kStart, 7, kPad, 8, kEnd, 9, kEnd}), ElementsAre(7, 8));
}

TEST(BucketPacking, HasNoPadAndLeavesOutWhatDoesNotFit) {
  PackingReport report;
  const auto packer = packing("bucket");
  packer->cut_long_texts(long_texts().make("leave-out", Config()), {});
  const auto sequences = packer->pack({{7, 8}, {}, {4, 5, 6, 7}, {9}}, 3, 0, &report);
  EXPECT_THAT(tokens_of(sequences), ElementsAre(ElementsAre(7, 8), ElementsAre(9)));
  EXPECT_EQ(report.too_long, 1);
  EXPECT_EQ(report.empty, 1);
  EXPECT_EQ(report.documents, 4);
}

TEST(BlockPacking, SeparatesDocumentsByEnd) {
  const auto sequences = packing("block")->pack({{7, 8}, {9}, {10, 11}}, 3, 0, nullptr);
  EXPECT_THAT(tokens_of(sequences), ElementsAre(ElementsAre(7, 8, kEnd), ElementsAre(9, kEnd, 10)));
}

TEST(BlockPacking, EpochsMoveTheCuts) {
  const TokenDocuments documents = random_documents(50, 10);
  const auto packer = packing("block");
  std::vector<size_t> seen(8, 0);
  Sequence stream;
  for (const auto& document : documents) {
    if (!stream.empty()) stream.push_back(kEnd);
    stream.insert(stream.end(), document.begin(), document.end());
  }
  for (uint64_t epoch = 1; epoch <= 100; ++epoch) {
    const auto sequences = packer->pack(documents, 8, epoch, nullptr);
    EXPECT_EQ(sequences, packer->pack(documents, 8, epoch, nullptr));
    const auto at =
        std::search(stream.begin(), stream.end(), sequences[0].tokens.begin(), sequences[0].tokens.end()) - stream.begin();
    ASSERT_LT(at, 8);
    ++seen[static_cast<size_t>(at)];
  }
  for (const size_t count : seen) EXPECT_GT(count, 2);
}

}  // namespace
}  // namespace difflm::test
