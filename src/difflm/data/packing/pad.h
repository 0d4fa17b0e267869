// One text per sequence, as Diffusion-LM packs it: START text END PAD PAD ..., all of them ordinary tokens the model must write.
// A text that does not fit becomes windows into START text END, as data.long says; where it is cut, as in the reference, END is
// lost with the rest.
#pragma once

#include <algorithm>

#include "difflm/data/packing.h"

namespace difflm {

class PadPacking : public Packing {
 public:
  using Options = NoOptions;
  explicit PadPacking(const Options&) {}

  std::vector<PackedSequence> pack(const TokenDocuments& documents, int64_t length, uint64_t epoch,
                                   PackingReport* report) const override {
    std::vector<PackedSequence> sequences;
    for (size_t index = 0; index < documents.size(); ++index) {
      const auto& document = documents[index];
      Sequence framed = {kStart};
      framed.insert(framed.end(), document.begin(), document.end());
      framed.push_back(kEnd);
      for (const auto& [begin, end] : parts_of(framed, index, length, epoch, report)) {
        const auto part = std::span<const Token>(framed).subspan(begin, end - begin);
        Sequence sequence(part.begin(), part.end());
        sequence.resize(static_cast<size_t>(length), kPad);
        sequences.push_back({std::move(sequence), static_cast<int64_t>(index), static_cast<int64_t>(begin), end == framed.size()});
      }
    }
    return sequences;
  }

  std::vector<size_t> positions(std::span<const Token> sequence) const override {
    std::vector<size_t> own;
    for (size_t at = 0; at < sequence.size() && sequence[at] != kEnd; ++at) {
      if (sequence[at] != kStart && sequence[at] != kPad) own.push_back(at);
    }
    return own;
  }

  Frame frame() const override { return Frame::framed; }

  int64_t sequence_length(int64_t tokens, int64_t length) const override { return std::max(checked_length(tokens) + 2, length); }
};

}  // namespace difflm
