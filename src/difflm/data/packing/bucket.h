// One text per sequence without START, END or PAD; batches hold sequences of equal length (see batches.h).
//
// On E2E more than half of a padded batch is PAD. Here no work is spent on it, and the length of a sample is drawn from the
// data's distribution or given. Texts longer than the model are left out and counted: a cut text would teach wrong endings.
#pragma once

#include "difflm/data/packing.h"

namespace difflm {

class BucketPacking : public Packing {
 public:
  using Options = NoOptions;
  explicit BucketPacking(const Options&) {}

  std::vector<PackedSequence> pack(const TokenDocuments& documents, int64_t length, uint64_t,
                                   PackingReport* report) const override {
    std::vector<PackedSequence> sequences;
    for (size_t index = 0; index < documents.size(); ++index) {
      const auto& document = documents[index];
      const bool fits = document.size() <= static_cast<size_t>(length);
      if (fits && !document.empty()) sequences.push_back({document, static_cast<int64_t>(index)});
      if (report != nullptr) {
        ++report->documents;
        report->too_long += fits ? 0 : 1;
        report->empty += document.empty() ? 1 : 0;
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

  int64_t sequence_length(int64_t tokens, int64_t length) const override {
    if (tokens < 1 || tokens > length) {
      throw usage_error("length", fmt::format("is {}, expected 1 to {}, the longest sequence of the model", tokens, length));
    }
    return tokens;
  }
};

}  // namespace difflm
