// One stream cut into blocks of equal length, documents separated by END. The cuts move by a random offset every epoch, so that a
// small corpus shows each token at every position of a block.
#pragma once

#include "difflm/data/packing.h"

namespace difflm {

class BlockPacking : public Packing {
 public:
  using Options = NoOptions;
  explicit BlockPacking(const Options&) {}

  std::vector<PackedSequence> pack(const TokenDocuments& documents, int64_t length, uint64_t epoch,
                                   PackingReport* report) const override {
    Sequence stream;
    for (const auto& document : documents) {
      if (!stream.empty()) stream.push_back(kEnd);
      stream.insert(stream.end(), document.begin(), document.end());
    }
    if (report != nullptr) report->documents += documents.size();
    const auto size = static_cast<size_t>(length);
    std::vector<PackedSequence> sequences;
    if (stream.size() < size) return sequences;
    const size_t spare = std::min(stream.size() - size, size - 1);
    const size_t offset = epoch == 0 ? 0 : RandomStream(epoch, "block offset").below(spare + 1);
    for (size_t at = offset; at + size <= stream.size(); at += size) {
      sequences.push_back(
          {Sequence(stream.begin() + static_cast<std::ptrdiff_t>(at), stream.begin() + static_cast<std::ptrdiff_t>(at + size)),
           kNoDocument});
    }
    return sequences;
  }

  // A block is a window into a stream: an END inside it is a document's border, not the end of the sample.
  std::vector<size_t> positions(std::span<const Token> sequence) const override {
    std::vector<size_t> own;
    for (size_t at = 0; at < sequence.size(); ++at) {
      if (sequence[at] >= kSpecialTokens || sequence[at] == kUnknown) own.push_back(at);
    }
    return own;
  }

  bool varies() const override { return true; }
  Frame frame() const override { return Frame::stream; }

  int64_t sequence_length(int64_t tokens, int64_t) const override { return checked_length(tokens); }
};

}  // namespace difflm
