// A prepared corpus: a folder with tokenizer, token shards and texts, which training and evaluation start from.
//
//   tokenizer.json · train.bin, validation.bin (token_store.h) · train.jsonl, validation.jsonl (texts with attributes) · data.json
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "difflm/core/json.h"
#include "difflm/core/options.h"
#include "difflm/corpora/corpus.h"
#include "difflm/data/token_store.h"
#include "difflm/text/label.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

struct DataOptions {
  std::vector<std::string> path;
  std::string corpus = "auto";
  std::string prepared;
  std::string tokenizer = "word";
  std::string packing = "bucket";
  int64_t length = 64;
  double validation = 0.075;
  int64_t split_seed = 0;
  void describe(OptionVisitor& visitor);
};

struct PreparedData {
  std::shared_ptr<const Tokenizer> tokenizer;
  TokenDocuments training;
  TokenDocuments validation;
  Json facts;  // data.json: counts, hash, what was mended
};

// Reads the corpus, splits it, trains the tokenizer on the training part, unless it is given, and writes `folder`. Returns the
// facts of data.json.
Json prepare_data(const DataOptions& options, const Config& config, const std::string& folder,
                  std::shared_ptr<const Tokenizer> tokenizer = nullptr);

// The hash of the corpus that the options name, as data.json has it: of the texts read, or of the prepared folder.
std::string corpus_hash(const DataOptions& options, const Config& config);

// Reads a data.json; throws a failure when it is damaged.
Json read_facts(const std::string& path);

// The labels that ten training texts or more have, as data.json has them; none where it was written without.
std::vector<Label> labels_of_corpus(const Json& facts);

// True where `folder` holds a prepared corpus.
bool is_prepared(const std::string& folder);

PreparedData open_prepared(const std::string& folder);

// The texts of one side, "train" or "validation".
std::vector<Document> read_prepared_documents(const std::string& folder, const std::string& side);

void write_prepared_documents(const std::string& folder, const std::string& side, const std::vector<Document>& documents);

std::shared_ptr<const Tokenizer> open_tokenizer(const std::string& path);

}  // namespace difflm
