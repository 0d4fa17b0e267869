// The order of training: equal lengths in a batch, every sequence equally often, a pure function of the seed.
#include "difflm/data/batches.h"

#include <gtest/gtest.h>

#include <set>

#include "core/expect_error.h"
#include "data/random_documents.h"

namespace difflm::test {
namespace {

Sequence row_of(const Batch& batch, int64_t row) {
  Sequence sequence;
  for (int64_t at = 0; at < batch.tokens.size(1); ++at)
    sequence.push_back(static_cast<Token>(batch.tokens[row][at].item<int64_t>()));
  return sequence;
}

TEST(BatchContract, DeterministicInTheSeedAndSkippable) {
  const TokenDocuments documents = random_documents(60, 12);
  for (const auto& name : packings().names()) {
    SCOPED_TRACE(name);
    const auto packing = packings().make(name, Config());
    BatchStream first(documents, *packing, 14, 4, 5);
    BatchStream same(documents, *packing, 14, 4, 5);
    BatchStream other(documents, *packing, 14, 4, 6);
    std::vector<Tensor> batches;
    bool differs = false;
    for (int i = 0; i < 80; ++i) {  // several epochs
      batches.push_back(first.next().tokens);
      EXPECT_TRUE(torch::equal(batches.back(), same.next().tokens)) << i;
      differs |= !torch::equal(batches.back(), other.next().tokens);
    }
    EXPECT_TRUE(differs);
    for (const int64_t skipped : {1, 17, 79}) {
      BatchStream resumed(documents, *packing, 14, 4, 5);
      resumed.skip(skipped);
      EXPECT_TRUE(torch::equal(resumed.next().tokens, batches[static_cast<size_t>(skipped)])) << skipped;
    }
  }
}

// After as many batches as there are sequences, every length has been shown batch-size times over, with nothing left waiting.
TEST(BatchContract, EverySequenceIsSeenEquallyOften) {
  TokenDocuments documents = random_documents(37, 6, 2, 2000);
  const std::set<std::vector<Token>> distinct(documents.begin(), documents.end());
  documents.assign(distinct.begin(), distinct.end());
  for (const auto& name : packings().names()) {
    SCOPED_TRACE(name);
    const auto packing = packings().make(name, Config());
    if (packing->frame() == Frame::stream) continue;  // its cuts move every epoch
    BatchStream stream(documents, *packing, 8, 5, 3);
    ASSERT_EQ(stream.sequences(), documents.size());
    std::map<std::vector<Token>, int> seen;
    for (size_t i = 0; i < stream.sequences(); ++i) {
      const Batch batch = stream.next();
      for (int64_t row = 0; row < batch.tokens.size(0); ++row) ++seen[packing->unpack(row_of(batch, row))];
    }
    ASSERT_EQ(seen.size(), documents.size());
    for (const auto& [document, count] : seen) EXPECT_EQ(count, 5);
  }
}

TEST(BatchContract, BatchesAreFullAndCountTheirUsefulTokens) {
  const TokenDocuments documents = random_documents(60, 12);
  for (const auto& name : packings().names()) {
    SCOPED_TRACE(name);
    const auto packing = packings().make(name, Config());
    BatchStream stream(documents, *packing, 14, 4, 5);
    std::set<int64_t> lengths;
    for (int i = 0; i < 40; ++i) {
      const Batch batch = stream.next();
      EXPECT_EQ(batch.tokens.scalar_type(), torch::kInt64);
      EXPECT_EQ(batch.tokens.size(0), 4);
      EXPECT_EQ(batch.useful, (batch.tokens != kPad).sum().item<int64_t>());
      if (packing->frame() == Frame::whole) {
        EXPECT_EQ(batch.useful, batch.tokens.numel());
      }
      lengths.insert(batch.tokens.size(1));
    }
    EXPECT_EQ(lengths.size() > 1, packing->frame() == Frame::whole);
  }
}

// In any epoch, and where several documents have the same text.
TEST(BatchContract, EveryRowKnowsItsDocument) {
  const TokenDocuments distinct = random_documents(40, 6);
  TokenDocuments documents = distinct;
  documents.insert(documents.end(), distinct.begin(), distinct.begin() + 20);
  for (const auto& name : packings().names()) {
    SCOPED_TRACE(name);
    const auto packing = packings().make(name, Config());
    const auto check = [&](const Batch& batch, Side side, std::map<int64_t, int>& seen) {
      EXPECT_EQ(batch.side, side);
      ASSERT_EQ(batch.documents.size(), static_cast<size_t>(batch.tokens.size(0)));
      for (size_t row = 0; row < batch.documents.size(); ++row) {
        const int64_t document = batch.documents[row];
        ++seen[document];
        if (packing->frame() == Frame::stream) {
          EXPECT_EQ(document, kNoDocument);
        } else {
          EXPECT_EQ(packing->unpack(row_of(batch, static_cast<int64_t>(row))), documents.at(static_cast<size_t>(document)));
        }
      }
    };
    std::map<int64_t, int> trained;
    BatchStream stream(documents, *packing, 8, 5, 3);
    for (size_t i = 0; i < stream.sequences(); ++i) check(stream.next(), Side::training, trained);  // five epochs
    std::map<int64_t, int> validated;
    for (const Batch& batch : validation_batches(documents, *packing, 8, 5, 1000)) check(batch, Side::validation, validated);
    if (packing->frame() == Frame::stream) continue;
    ASSERT_EQ(trained.size(), documents.size());
    for (const auto& [document, count] : trained) EXPECT_EQ(count, 5) << document;
    ASSERT_EQ(validated.size(), documents.size());
    for (const auto& [document, count] : validated) EXPECT_EQ(count, 1) << document;
  }
}

TEST(BatchStream, ACorpusSmallerThanABatchIsAUsageError) {
  const TokenDocuments documents = random_documents(3, 5);
  const auto packing = packings().make("bucket", Config());
  const std::string message = usage_message([&] { BatchStream(documents, *packing, 8, 4, 1); });
  EXPECT_NE(message.find("train.batch"), std::string::npos);
  EXPECT_NE(message.find("3 sequences"), std::string::npos);
}

TEST(ValidationBatches, TakeEachSequenceOnceUpToTheLimit) {
  const TokenDocuments documents = random_documents(50, 8, 4, 5000);
  const auto packing = packings().make("bucket", Config());
  for (const int64_t limit : {int64_t{1000}, int64_t{20}}) {
    std::multiset<std::vector<Token>> seen;
    for (const Batch& batch : validation_batches(documents, *packing, 8, 4, limit)) {
      EXPECT_LE(batch.tokens.size(0), 4);
      for (int64_t row = 0; row < batch.tokens.size(0); ++row) seen.insert(row_of(batch, row));
    }
    EXPECT_EQ(seen.size(), static_cast<size_t>(std::min<int64_t>(limit, 50)));
    if (limit >= 50) {
      EXPECT_EQ(seen, std::multiset<std::vector<Token>>(documents.begin(), documents.end()));
    }
  }
}

}  // namespace
}  // namespace difflm::test
