// One text per sequence without START, END or PAD; batches come in parts of equal length (see batches.h).
//
// On E2E more than half of a padded batch is PAD. Here no work is spent on it, and the length of a sample is drawn from the
// data's distribution or given. What becomes of texts longer than the model says data.long (long_texts.h).
#pragma once

#include "difflm/data/packing.h"

namespace difflm {

class BucketPacking : public Packing {
 public:
  using Options = NoOptions;
  explicit BucketPacking(const Options&) {}

  std::vector<PackedSequence> pack(const TokenDocuments& documents, int64_t length, uint64_t epoch,
                                   PackingReport* report) const override {
    std::vector<PackedSequence> sequences;
    for (size_t index = 0; index < documents.size(); ++index) {
      const std::span<const Token> text = documents[index];
      for (const auto& [begin, end] : parts_of(text, index, length, epoch, report)) {
        const auto part = text.subspan(begin, end - begin);
        sequences.push_back(
            {Sequence(part.begin(), part.end()), static_cast<int64_t>(index), static_cast<int64_t>(begin), end == text.size()});
      }
    }
    return sequences;
  }

  std::vector<size_t> positions(std::span<const Token> sequence) const override {
    std::vector<size_t> own;
    for (size_t at = 0; at < sequence.size(); ++at) {
      if (sequence[at] >= kSpecialTokens || sequence[at] == kUnknown) own.push_back(at);
    }
    return own;
  }

  Frame frame() const override { return Frame::whole; }

  int64_t sequence_length(int64_t tokens, int64_t) const override { return checked_length(tokens); }
};

}  // namespace difflm
