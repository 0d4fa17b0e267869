// The texts a run was trained on, with what is known about each: read when a guide first asks.
#pragma once

#include "difflm/data/prepared.h"
#include "difflm/model/run_folder.h"

namespace difflm {

class TrainingTexts {
 public:
  explicit TrainingTexts(const Run& run) : folder_(prepared_folder(run.config, run.folder)) {}

  // One entry a text in both, in the same order; empty where the prepared corpus is gone.
  const std::vector<Document>& documents() { return read().documents_; }
  const TokenDocuments& tokens() { return read().tokens_; }

 private:
  TrainingTexts& read() {
    if (!read_ && is_prepared(folder_)) {
      documents_ = read_prepared_documents(folder_, "train");
      tokens_ = open_prepared(folder_).training;
      if (tokens_.size() != documents_.size()) throw failure(folder_, "train.jsonl and train.bin hold different texts");
    }
    read_ = true;
    return *this;
  }

  std::string folder_;
  bool read_ = false;
  std::vector<Document> documents_;
  TokenDocuments tokens_;
};

}  // namespace difflm
