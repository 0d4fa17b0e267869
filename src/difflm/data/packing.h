// Packing: documents -> sequences of tokens that a batch is made of, and back. A family.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/core/random.h"
#include "difflm/data/long_texts.h"
#include "difflm/data/token_store.h"

namespace difflm {

using Sequence = std::vector<Token>;

inline constexpr int64_t kNoDocument = -1;

// A sequence, and the index of the document whose text it is or is a part of; a window into a stream has none.
struct PackedSequence {
  Sequence tokens;
  int64_t document = kNoDocument;
  int64_t first = 0;  // where in the text of its document it begins
  bool ends = true;   // false where the text goes on after it
  bool operator==(const PackedSequence&) const = default;
};

struct PackingReport {
  size_t documents = 0;
  size_t empty = 0;
  size_t tokens = 0;           // of all texts
  size_t too_long = 0;         // texts longer than a sequence
  size_t too_long_tokens = 0;  // of these texts
  size_t parts = 0;            // that are kept of them
  size_t lost_tokens = 0;      // that are in none
  int64_t longest = 0;         // the data.length that would take every text whole

  // What becomes of the long texts, for the user; empty where there are none.
  std::string of_long_texts(int64_t length, const std::string& done) const;
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

  // What becomes of texts longer than a sequence, and where they may be cut. Until this is called they are split anywhere.
  void cut_long_texts(std::shared_ptr<const LongTexts> rule, TokenBreaks breaks);
  const LongTexts& long_texts() const { return *long_texts_; }

  // Where the document's own tokens are in a sampled sequence: not START or PAD, and none after END.
  virtual std::vector<size_t> positions(std::span<const Token> sequence) const = 0;

  // These tokens.
  std::vector<Token> unpack(std::span<const Token> sequence) const;

  // Whether the sequences differ from epoch to epoch.
  virtual bool varies() const { return long_texts_->varies(); }

  virtual Frame frame() const = 0;

  // The length of the sequence that holds a text of `tokens` tokens, for `sample --length`. It may be longer than `length`, the
  // model's: then the text is written block by block. Throws a usage error where there is no such text.
  virtual int64_t sequence_length(int64_t tokens, int64_t length) const = 0;

 protected:
  // `tokens`, if a text can have so many.
  static int64_t checked_length(int64_t tokens);

  // The parts that are kept of text `index`, all of it where it fits, for sequences of at most `length` tokens.
  std::vector<TextPart> parts_of(std::span<const Token> text, size_t index, int64_t length, uint64_t epoch,
                                 PackingReport* report) const;

 private:
  std::shared_ptr<const LongTexts> long_texts_ = difflm::long_texts().make("split", Config());
  TokenBreaks breaks_;
};

using PackingFamily = Family<Packing>;
const PackingFamily& packings();  // data.packing

struct DataOptions;

// The packing of `options`, which cuts texts of `tokenizer` as data.long says.
std::shared_ptr<Packing> make_packing(const DataOptions& options, const Config& config, const Tokenizer& tokenizer);

}  // namespace difflm
