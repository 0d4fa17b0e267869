#include "difflm/data/batches.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "difflm/core/error.h"

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
    batch.firsts.push_back(sequence.first);
    batch.ends.push_back(sequence.ends);
    for (const Token token : sequence.tokens) {
      *out++ = token;
      batch.useful += token == kPad ? 0 : 1;
    }
  }
  return batch;
}

int64_t rows_of(const BatchParts& parts) {
  int64_t rows = 0;
  for (const auto& part : parts) rows += part.rows();
  return rows;
}

std::vector<std::vector<double>> by_part(const std::vector<double>& values, const BatchParts& parts) {
  std::vector<std::vector<double>> result;
  auto at = values.begin();
  for (const auto& part : parts) {
    result.emplace_back(at, at + part.rows());
    at += part.rows();
  }
  return result;
}

BatchStream::BatchStream(const TokenDocuments& documents, const Packing& packing, int64_t length, int64_t batch_size, uint64_t seed)
    : documents_(documents), packing_(packing), length_(length), batch_size_(static_cast<size_t>(batch_size)), seed_(seed) {
  pack(0);
  if (!sequences_.empty()) return;
  throw usage_error("data.length", fmt::format("the training text gives no sequence of at most {} tokens", length_),
                    "use a larger corpus or another data.length");
}

void BatchStream::pack(uint64_t epoch) {
  epoch_ = epoch;
  position_ = 0;
  order_.clear();
  if (epoch > 0 && !packing_.varies()) return;
  sequences_ = packing_.pack(documents_, length_, epoch == 0 ? 0 : stream_seed(seed_, "epoch", epoch), nullptr);
}

void BatchStream::arrange() {
  order_.resize(sequences_.size());
  std::iota(order_.begin(), order_.end(), size_t{0});
  RandomStream random(seed_, "order", epoch_);
  random.shuffle(order_);
  std::stable_sort(order_.begin(), order_.end(),
                   [&](size_t a, size_t b) { return sequences_[a].tokens.size() < sequences_[b].tokens.size(); });
  // The batch that the end of the order falls into holds the longest sequences and the shortest.
  const auto start = static_cast<std::ptrdiff_t>(random.below(order_.size()));
  std::rotate(order_.begin(), order_.begin() + start, order_.end());
  batches_.resize(batches());
  std::iota(batches_.begin(), batches_.end(), size_t{0});
  random.shuffle(batches_);
}

BatchParts BatchStream::next() {
  if (position_ == batches()) pack(epoch_ + 1);
  if (order_.empty()) arrange();
  const size_t batch = batches_[position_++];
  const size_t end = (batch + 1) * order_.size() / batches();
  std::map<size_t, std::vector<PackedSequence>> by_length;
  for (size_t at = batch * order_.size() / batches(); at < end; ++at) {
    const PackedSequence& sequence = sequences_[order_[at]];
    by_length[sequence.tokens.size()].push_back(sequence);
  }
  BatchParts parts;
  for (const auto& [size, rows] : by_length) parts.push_back(make_batch(rows, Side::training));
  return parts;
}

void BatchStream::skip(int64_t batches_to_skip) {
  auto left = static_cast<size_t>(batches_to_skip);
  while (left > batches() - position_) {
    left -= batches() - position_;
    pack(epoch_ + 1);
  }
  position_ += left;
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
