// Batches of different texts of neighbouring lengths, in a random order that is a pure function of seed and epoch.
//
// An epoch shuffles the sequences, sorts them by length (equal lengths stay shuffled) and cuts them into batches of neighbours,
// which come in random order. So every sequence is seen exactly once per epoch, whatever its length, and a batch holds as many
// different sequences as there are to fill it. Where the cuts are moves from epoch to epoch, so that rare lengths do not always
// meet the same neighbours. A batch comes in parts of equal length: nothing is padded, and nothing needs a mask. With one length
// (pad, block) this is the ordinary shuffled epoch.
#pragma once

#include <vector>

#include "difflm/data/packing.h"
#include "difflm/data/side.h"
#include "difflm/nn/torch.h"

namespace difflm {

// Sequences of equal length: a part of a batch, or all of it. Holds the index of each text in it, by which labels and trees are
// looked up.
struct Batch {
  Tensor tokens;                        // [B,T] int64
  int64_t useful = 0;                   // tokens that are not PAD
  std::vector<int64_t> documents = {};  // per row: the index of its text on its side, or kNoDocument
  Side side = Side::training;
  std::vector<int64_t> firsts = {};  // per row: where in its text it begins, none: each at its start
  std::vector<bool> ends = {};       // per row: whether its text ends with it, none: each does

  int64_t rows() const { return tokens.size(0); }
  int64_t first_of(size_t row) const { return firsts.empty() ? 0 : firsts[row]; }
  bool ends_text(size_t row) const { return ends.empty() || ends[row]; }
};

using BatchParts = std::vector<Batch>;

int64_t rows_of(const BatchParts& parts);

// One value per sequence of a batch, shared out to its parts.
std::vector<std::vector<double>> by_part(const std::vector<double>& values, const BatchParts& parts);

Batch make_batch(const std::vector<PackedSequence>& sequences, Side side);

class BatchStream {
 public:
  // Throws a usage error where the documents give no sequence.
  BatchStream(const TokenDocuments& documents, const Packing& packing, int64_t length, int64_t batch_size, uint64_t seed);

  // `batch_size` sequences, up to one in as many batches fewer where they do not divide an epoch evenly, or all there are.
  BatchParts next();

  // As if `next` had been called so often.
  void skip(int64_t batches);

  size_t sequences() const { return sequences_.size(); }                                  // of the present epoch
  size_t batches() const { return (sequences_.size() + batch_size_ - 1) / batch_size_; }  // of the present epoch

 private:
  void pack(uint64_t epoch);
  void arrange();

  const TokenDocuments& documents_;
  const Packing& packing_;
  int64_t length_;
  size_t batch_size_;
  uint64_t seed_;
  uint64_t epoch_ = 0;
  size_t position_ = 0;  // batches of this epoch that have been given
  std::vector<PackedSequence> sequences_;
  std::vector<size_t> order_;    // of the sequences; empty until the epoch is arranged
  std::vector<size_t> batches_;  // their order
};

// One pass over at most `limit` sequences spread over the documents, in batches of equal length: what validation uses.
std::vector<Batch> validation_batches(const TokenDocuments& documents, const Packing& packing, int64_t length, int64_t batch_size,
                                      int64_t limit);

}  // namespace difflm
