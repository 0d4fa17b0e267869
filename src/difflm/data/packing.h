// Packing: documents -> sequences of tokens that a batch is made of, and back. A family.
#pragma once

#include <span>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/random.h"
#include "difflm/data/token_store.h"

namespace difflm {

using Sequence = std::vector<Token>;

inline constexpr int64_t kNoDocument = -1;

// A sequence, and the index of the document whose text it is; a window into a stream has none.
struct PackedSequence {
  Sequence tokens;
  int64_t document = kNoDocument;
  bool operator==(const PackedSequence&) const = default;
};

struct PackingReport {
  size_t documents = 0;
  size_t too_long = 0;  // dropped (bucket) or cut (pad)
  size_t empty = 0;
};

// What a sequence is of its text.
enum class Frame {
  framed,  // START text END PAD ...
  whole,   // exactly a text, START and END implied
  stream,  // a window into a stream of texts
};

class Packing {
 public:
  virtual ~Packing() = default;

  // Sequences of at most `length` tokens. `epoch` varies what may vary between epochs (where block cuts the stream).
  virtual std::vector<PackedSequence> pack(const TokenDocuments& documents, int64_t length, uint64_t epoch,
                                           PackingReport* report) const = 0;

  // Where the document's own tokens are in a sampled sequence: not START or PAD, and none after END.
  virtual std::vector<size_t> positions(std::span<const Token> sequence) const = 0;

  // These tokens.
  std::vector<Token> unpack(std::span<const Token> sequence) const;

  // Whether the sequences differ from epoch to epoch.
  virtual bool varies() const { return false; }

  virtual Frame frame() const = 0;

  // The length of the sequence that holds a text of `tokens` tokens, for `sample --length`; throws a usage error where there is
  // none. Only the sequence of a stream may be longer than the model's `length`.
  virtual int64_t sequence_length(int64_t tokens, int64_t length) const = 0;
};

using PackingFamily = Family<Packing>;
const PackingFamily& packings();  // data.packing

}  // namespace difflm
