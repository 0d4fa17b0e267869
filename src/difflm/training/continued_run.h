// A run that is continued: its vocabulary and the facts of its corpus are its own, and stay as they are.
//
// A trained model has a row for each token and has seen the held-out texts only in validation. So the texts it goes on with must be
// those it began with, split and numbered alike. Whatever else is found is refused before anything in the folder is touched: a
// model whose rows came to mean other tokens would train on without an error.
#pragma once

#include <memory>
#include <string>

#include "difflm/data/prepared.h"

namespace difflm {

class ContinuedRun {
 public:
  // `folder` holds a checkpoint. Throws a failure that names the file where what belongs to it is missing or damaged.
  explicit ContinuedRun(const std::string& folder);

  std::shared_ptr<const Tokenizer> tokenizer() const { return tokenizer_; }
  const CorpusFacts& facts() const { return facts_; }

  // Throws a usage error where the texts found at `where` (a key or a folder) are not those of the run. An older difflm did not
  // write all facts; what it did not write is not compared.
  void check_texts(const CorpusFacts& found, const std::string& where) const;

  // The same for a prepared corpus, whose tokens must have the run's ids.
  void check_prepared(const PreparedData& found, const std::string& where) const;

 private:
  std::string way_out() const;

  std::string folder_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  CorpusFacts facts_;
};

}  // namespace difflm
