// A prepared corpus: a folder with tokenizer, token shards and texts, which training and evaluation start from.
//
//   tokenizer.json · train.bin, validation.bin (token_store.h) · train.jsonl, validation.jsonl (texts with attributes) · data.json
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "difflm/core/json.h"
#include "difflm/core/options.h"
#include "difflm/corpora/corpus.h"
#include "difflm/data/corpus_facts.h"
#include "difflm/data/prepared_documents.h"
#include "difflm/data/side.h"
#include "difflm/data/token_store.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

struct DataOptions {
  std::vector<std::string> path;
  std::string corpus = "auto";
  std::string broken = "error";
  std::string prepared;
  std::string tokenizer = "word";
  std::string packing = "bucket";
  int64_t length = 64;
  std::string long_texts = "split";
  double validation = 0.075;
  int64_t split_seed = 0;
  double most_unknown = 0.05;
  void describe(OptionVisitor& visitor);
};

struct PreparedData {
  std::string folder;
  std::shared_ptr<const Tokenizer> tokenizer;
  CorpusFacts facts;
  TokenDocuments training;
  TokenDocuments validation;

  const TokenDocuments& tokens(Side side) const { return side == Side::training ? training : validation; }

  // The texts with what is known about them, read from `folder`: a text has the index of its tokens. Throws a failure where
  // there are more or fewer texts than tokenised ones.
  Sides<std::vector<Document>> documents() const;
};

// Reads the corpus, splits it, trains the tokenizer on the training part unless one is given, and writes `folder`: a folder in it
// that is emptied into it at the end, so that what was there before stays whole until then. `check` sees the facts before that, and
// may throw. `stop` is asked now and then; where it says true, the work ends with a failure.
CorpusFacts prepare_data(const DataOptions& options, const Config& config, const std::string& folder,
                         std::shared_ptr<const Tokenizer> tokenizer = nullptr,
                         const std::function<void(const CorpusFacts&)>& check = {}, const std::function<bool()>& stop = {});

// The hash of the corpus that the options name, as data.json holds it: of the texts read, or of the prepared folder.
std::string corpus_hash(const DataOptions& options, const Config& config);

// Removes what a preparation that was cut off has left in `folder`; a corpus that is complete stays.
void remove_unfinished(const std::string& folder);

// True where `folder` holds a prepared corpus.
bool is_prepared(const std::string& folder);

PreparedData open_prepared(const std::string& folder);

std::shared_ptr<const Tokenizer> open_tokenizer(const std::string& path);

}  // namespace difflm
