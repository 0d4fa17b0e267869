// Batches of sequences of equal length, in a random order that is a pure function of the seed.
//
// Each epoch is a permutation of the sequences; a sequence waits in the bucket of its length until the bucket holds a batch, across
// epochs if need be. So every sequence is seen equally often, lengths keep the data's distribution, and no batch is padded.
// With one length (pad, block) this is the ordinary shuffled epoch. A resumed run replays the order, which costs microseconds
// per step.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "difflm/data/packing.h"
#include "difflm/data/side.h"
#include "difflm/nn/torch.h"

namespace difflm {

// A batch holds the index of each text in it, by which labels and trees are looked up.
struct Batch {
  Tensor tokens;                        // [B,T] int64
  int64_t useful = 0;                   // tokens that are not PAD
  std::vector<int64_t> documents = {};  // per row: the index of its text on its side, or kNoDocument
  Side side = Side::training;
};

Batch make_batch(const std::vector<PackedSequence>& sequences, Side side);

class BatchStream {
 public:
  BatchStream(const TokenDocuments& documents, const Packing& packing, int64_t length, int64_t batch_size, uint64_t seed);

  Batch next();
  void skip(int64_t batches);
  size_t sequences() const { return sequences_.size(); }

 private:
  std::vector<PackedSequence> next_sequences();

  const TokenDocuments& documents_;
  const Packing& packing_;
  int64_t length_;
  size_t batch_size_;
  uint64_t seed_;
  uint64_t epoch_ = 0;
  size_t position_ = 0;
  std::vector<PackedSequence> sequences_;
  std::vector<size_t> order_;
  std::map<size_t, std::vector<PackedSequence>> buckets_;  // length -> sequences waiting
};

// One pass over at most `limit` sequences spread over the documents, in batches of equal length: what validation uses.
std::vector<Batch> validation_batches(const TokenDocuments& documents, const Packing& packing, int64_t length, int64_t batch_size,
                                      int64_t limit);

}  // namespace difflm
