// Preparing a corpus in two passes, with no more of it in memory than one text, or a part of a large one: documents are split and
// written to files as they are read; the tokenizer learns from these files, and they are read once more to be encoded.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "difflm/core/pending_file.h"
#include "difflm/data/corpus_facts.h"
#include "difflm/data/side.h"
#include "difflm/data/token_store.h"
#include "difflm/text/document.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

// A hash of all texts, in their order.
class ContentHash {
 public:
  void add(const std::string& text);
  std::string text() const;

 private:
  uint64_t hash_ = 0;
};

class Preparation {
 public:
  // `stop`, asked now and then, ends the work with a failure. Until `commit` there are only temporary files in `folder`, which an
  // exception removes.
  Preparation(const std::string& folder, double validation, uint64_t split_seed, std::function<bool()> stop);

  void add(Document&& document);

  // After the last document. Throws a usage error where a side is empty.
  void finish_reading();

  // The texts of the training side, for a tokenizer.
  TextSource training_texts() const;

  // Encodes both sides, and completes `facts` by all but the source.
  void encode(const Tokenizer& tokenizer, CorpusFacts& facts);

  // Puts the files in their place.
  void commit();

 private:
  void give_to(Side side, Document&& document, uint64_t hash);
  void check_stop();
  void count_duplicates(CorpusFacts& facts);

  std::string folder_;
  double validation_;
  uint64_t split_seed_;
  std::function<bool()> stop_;
  size_t steps_ = 0;
  ContentHash content_;
  std::optional<Document> first_;  // held back: an only text is cut in two
  size_t parts_ = 0;               // of that text, where it is large
  Sides<std::unique_ptr<PendingFile>> documents_;
  Sides<std::vector<uint64_t>> hashes_;            // of the texts
  std::unordered_map<uint64_t, uint32_t> labels_;  // hash of a label -> training texts that have it
  Sides<std::unique_ptr<TokenWriter>> tokens_;
};

}  // namespace difflm
