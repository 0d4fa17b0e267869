// The order of training: every sequence exactly once per epoch, different texts in a batch, a pure function of the seed.
#include "difflm/data/batches.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
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

// The rows of all parts, in order.
std::vector<Sequence> rows_in(const BatchParts& parts) {
  std::vector<Sequence> rows;
  for (const auto& part : parts) {
    for (int64_t row = 0; row < part.rows(); ++row) rows.push_back(row_of(part, row));
  }
  return rows;
}

// As many texts as 500 poems of 10 to 250 words have lengths, or a few more.
TokenDocuments poems(int64_t count) {
  RandomStream random(9, "poems");
  TokenDocuments documents;
  for (int64_t i = 0; i < count; ++i) {
    auto& poem = documents.emplace_back(10 + random.below(241));
    for (Token& token : poem) token = kSpecialTokens + static_cast<Token>(random.below(900));
  }
  return documents;
}

TEST(BatchContract, DeterministicInTheSeedAndSkippable) {
  const TokenDocuments documents = random_documents(60, 12);
  for (const auto& name : packings().names()) {
    SCOPED_TRACE(name);
    const auto packing = packings().make(name, Config());
    BatchStream first(documents, *packing, 14, 4, 5);
    BatchStream same(documents, *packing, 14, 4, 5);
    BatchStream other(documents, *packing, 14, 4, 6);
    std::vector<std::vector<Sequence>> batches;
    bool differs = false;
    for (int i = 0; i < 80; ++i) {  // several epochs
      batches.push_back(rows_in(first.next()));
      EXPECT_EQ(batches.back(), rows_in(same.next())) << i;
      differs |= batches.back() != rows_in(other.next());
    }
    EXPECT_TRUE(differs);
    for (const int64_t skipped : {1, 15, 17, 30, 79}) {
      BatchStream resumed(documents, *packing, 14, 4, 5);
      resumed.skip(skipped);
      EXPECT_EQ(rows_in(resumed.next()), batches[static_cast<size_t>(skipped)]) << skipped;
      resumed.skip(2);
      resumed.skip(0);
      if (skipped + 3 >= 80) continue;
      EXPECT_EQ(rows_in(resumed.next()), batches[static_cast<size_t>(skipped + 3)]) << skipped;
    }
  }
}

// The rare lengths too: here nearly every text has its own, and there are texts that occur twice.
TEST(BatchContract, EverySequenceIsSeenExactlyOncePerEpoch) {
  for (const int64_t size : {1, 5, 32, 64, 1000}) {
    TokenDocuments documents = poems(100);
    documents.insert(documents.end(), documents.begin(), documents.begin() + 3);
    for (const auto& name : packings().names()) {
      SCOPED_TRACE(fmt::format("{}, batches of {}", name, size));
      const auto packing = packings().make(name, Config());
      BatchStream stream(documents, *packing, 252, size, 3);
      for (uint64_t epoch = 0; epoch < 3; ++epoch) {
        auto expected = packing->pack(documents, 252, epoch == 0 ? 0 : stream_seed(3, "epoch", epoch), nullptr);
        std::map<std::pair<Sequence, int64_t>, int> seen;
        const size_t batches = (expected.size() + static_cast<size_t>(size) - 1) / static_cast<size_t>(size);
        for (size_t at = 0; at < batches; ++at) {
          for (const auto& part : stream.next()) {
            for (int64_t row = 0; row < part.rows(); ++row) ++seen[{row_of(part, row), part.documents[static_cast<size_t>(row)]}];
          }
        }
        ASSERT_EQ(seen.size(), expected.size());
        for (const auto& sequence : expected) EXPECT_EQ((seen[{sequence.tokens, sequence.document}]), 1);
      }
    }
  }
}

TEST(BatchContract, ABatchHoldsDifferentTextsAndNothingIsPadded) {
  for (const auto& documents : {poems(500), random_documents(60, 12)}) {
    for (const auto& name : packings().names()) {
      SCOPED_TRACE(name);
      const auto packing = packings().make(name, Config());
      BatchStream stream(documents, *packing, 250, 64, 5);
      for (int i = 0; i < 20; ++i) {
        std::set<int64_t> texts;
        std::set<int64_t> lengths;
        const BatchParts parts = stream.next();
        for (const auto& part : parts) {
          EXPECT_EQ(part.tokens.scalar_type(), torch::kInt64);
          EXPECT_EQ(part.useful, (part.tokens != kPad).sum().item<int64_t>());
          if (packing->frame() != Frame::framed) {
            EXPECT_EQ(part.useful, part.tokens.numel());
          }
          EXPECT_TRUE(lengths.insert(part.tokens.size(1)).second);  // one part per length
          texts.insert(part.documents.begin(), part.documents.end());
        }
        const auto rows = static_cast<size_t>(rows_of(parts));
        const size_t fewest = stream.sequences() / stream.batches();
        EXPECT_GE(rows, fewest);
        EXPECT_LE(rows, std::min<size_t>(fewest + 1, 64));
        EXPECT_EQ(texts.size(), packing->frame() == Frame::stream ? 1 : rows);  // a window into a stream has none
        EXPECT_EQ(lengths.size() > 1, packing->frame() == Frame::whole);
      }
    }
  }
}

// Texts of rare lengths meet others in the next epoch.
TEST(BatchStream, CutsMoveFromEpochToEpoch) {
  TokenDocuments documents;
  for (size_t length = 4; length < 100; ++length) documents.emplace_back(length, kSpecialTokens);
  const auto packing = packings().make("bucket", Config());
  BatchStream stream(documents, *packing, 100, 32, 1);
  std::set<std::set<int64_t>> batches;
  for (int i = 0; i < 30; ++i) {
    std::set<int64_t> texts;
    for (const auto& part : stream.next()) texts.insert(part.documents.begin(), part.documents.end());
    EXPECT_EQ(texts.size(), 32);
    batches.insert(texts);
  }
  EXPECT_GT(batches.size(), 20);
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
    for (int i = 0; i < 3 * 12; ++i) {  // three epochs
      for (const auto& part : stream.next()) check(part, Side::training, trained);
    }
    std::map<int64_t, int> validated;
    for (const Batch& batch : validation_batches(documents, *packing, 8, 5, 1000)) check(batch, Side::validation, validated);
    if (packing->frame() == Frame::stream) continue;
    ASSERT_EQ(trained.size(), documents.size());
    for (const auto& [document, count] : trained) EXPECT_EQ(count, 3) << document;
    ASSERT_EQ(validated.size(), documents.size());
    for (const auto& [document, count] : validated) EXPECT_EQ(count, 1) << document;
  }
}

TEST(BatchStream, ACorpusWithoutSequencesIsAUsageError) {
  const auto packing = packings().make("block", Config());
  const std::string message = usage_message([&] { BatchStream({{7, 8, 9}}, *packing, 8, 4, 1); });
  EXPECT_NE(message.find("data.length"), std::string::npos);
}

TEST(Batches, ValuesAreSharedOutToTheParts) {
  const BatchParts parts = {{torch::zeros({2, 3}, torch::kInt64)}, {torch::zeros({1, 5}, torch::kInt64)}};
  EXPECT_EQ(rows_of(parts), 3);
  EXPECT_EQ(by_part({1, 2, 3}, parts), (std::vector<std::vector<double>>{{1, 2}, {3}}));
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
