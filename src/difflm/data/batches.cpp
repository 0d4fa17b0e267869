#include "difflm/data/batches.h"

#include <fmt/format.h>

#include <numeric>

namespace difflm {

Batch make_batch(const std::vector<PackedSequence>& sequences, Side side) {
  const auto rows = static_cast<int64_t>(sequences.size());
  const auto length = static_cast<int64_t>(sequences.front().tokens.size());
  Batch batch;
  batch.side = side;
  batch.tokens = torch::empty({rows, length}, torch::kInt64);
  auto* out = batch.tokens.data_ptr<int64_t>();
  for (const auto& sequence : sequences) {
    batch.documents.push_back(sequence.document);
    for (const Token token : sequence.tokens) {
      *out++ = token;
      batch.useful += token == kPad ? 0 : 1;
    }
  }
  return batch;
}

BatchStream::BatchStream(const TokenDocuments& documents, const Packing& packing, int64_t length, int64_t batch_size, uint64_t seed)
    : documents_(documents), packing_(packing), length_(length), batch_size_(static_cast<size_t>(batch_size)), seed_(seed) {
  sequences_ = packing_.pack(documents_, length_, 0, nullptr);
  if (sequences_.size() < batch_size_) {
    throw usage_error("train.batch",
                      fmt::format("the training text gives {} sequences of at most {} tokens, expected at least one batch of {}",
                                  sequences_.size(), length_, batch_size_),
                      "use a larger corpus, a smaller train.batch or another data.length");
  }
}

std::vector<PackedSequence> BatchStream::next_sequences() {
  while (true) {
    if (position_ == order_.size()) {
      if (epoch_ > 0) sequences_ = packing_.pack(documents_, length_, stream_seed(seed_, "epoch", epoch_), nullptr);
      order_.resize(sequences_.size());
      std::iota(order_.begin(), order_.end(), size_t{0});
      RandomStream(seed_, "order", epoch_).shuffle(order_);
      position_ = 0;
      ++epoch_;
    }
    const PackedSequence& sequence = sequences_[order_[position_++]];
    auto& bucket = buckets_[sequence.tokens.size()];
    bucket.push_back(sequence);
    if (bucket.size() == batch_size_) return std::exchange(bucket, {});
  }
}

Batch BatchStream::next() { return make_batch(next_sequences(), Side::training); }

void BatchStream::skip(int64_t batches) {
  for (int64_t i = 0; i < batches; ++i) next_sequences();
}

std::vector<Batch> validation_batches(const TokenDocuments& documents, const Packing& packing, int64_t length, int64_t batch_size,
                                      int64_t limit) {
  const auto sequences = packing.pack(documents, length, 0, nullptr);
  const size_t count = std::min(sequences.size(), static_cast<size_t>(limit));
  std::map<size_t, std::vector<PackedSequence>> buckets;
  for (size_t i = 0; i < count; ++i) {
    const auto& sequence = sequences[i * sequences.size() / count];
    buckets[sequence.tokens.size()].push_back(sequence);
  }
  std::vector<Batch> batches;
  for (const auto& [size, rows] : buckets) {
    for (size_t at = 0; at < rows.size(); at += static_cast<size_t>(batch_size)) {
      const size_t end = std::min(rows.size(), at + static_cast<size_t>(batch_size));
      batches.push_back(make_batch(
          {rows.begin() + static_cast<std::ptrdiff_t>(at), rows.begin() + static_cast<std::ptrdiff_t>(end)}, Side::validation));
    }
  }
  return batches;
}

}  // namespace difflm
