// One text per sequence, as Diffusion-LM packs it: START text END PAD PAD ..., all of them ordinary tokens the model must write.
// A text that does not fit is cut, END included, as in the reference.
#pragma once

#include <algorithm>

#include "difflm/data/packing.h"

namespace difflm {

class PadPacking : public Packing {
 public:
  using Options = NoOptions;
  explicit PadPacking(const Options&) {}

  std::vector<PackedSequence> pack(const TokenDocuments& documents, int64_t length, uint64_t,
                                   PackingReport* report) const override {
    std::vector<PackedSequence> sequences;
    for (size_t index = 0; index < documents.size(); ++index) {
      const auto& document = documents[index];
      Sequence sequence = {kStart};
      sequence.insert(sequence.end(), document.begin(), document.end());
      sequence.push_back(kEnd);
      if (report != nullptr && sequence.size() > static_cast<size_t>(length)) ++report->too_long;
      sequence.resize(static_cast<size_t>(length), kPad);
      sequences.push_back({std::move(sequence), static_cast<int64_t>(index)});
    }
    if (report != nullptr) report->documents += documents.size();
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

  int64_t sequence_length(int64_t, int64_t) const override {
    throw usage_error("length", "a model with pad packing writes its own END, so its length cannot be chosen",
                      "train with data.packing=bucket for texts of a given length");
  }
};

}  // namespace difflm
