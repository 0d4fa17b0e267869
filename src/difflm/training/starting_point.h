// The trained run that another training begins with, instead of random parameters: fine-tuning, on other texts or with labels.
//
// Its averaged weights are copied by name. Two things may be new in the model: the vectors of labels, and further inputs of a
// layer, which come last (features.h). What is new has no effect at first: the inputs have weights of 0, and vectors that are added
// to those of the tokens are 0. So at its first step the model writes what the run writes.
#pragma once

#include <string>

#include "difflm/model/run_folder.h"

namespace difflm {

class StartingPoint {
 public:
  // Throws a usage error naming train.start where `folder` holds no trained run.
  explicit StartingPoint(const std::string& folder);

  // The new training has to read its texts with this tokenizer, since each token keeps its row.
  std::shared_ptr<const Tokenizer> tokenizer() const { return run_.tokenizer; }

  // Throws a usage error where `asked`, the data.tokenizer with which texts are to be prepared, is of another kind.
  void check_tokenizer(const std::string& asked) const;

  // Throws a usage error where the vocabulary differs from the run's; `where` is what it is the vocabulary of.
  void check_vocabulary(const Tokenizer& tokenizer, const std::string& where) const;

  // Copies what the run has learned into `model`, whose labels are `labels`. Returns a line for the user: what is new, what was
  // left out. Throws a usage error, with the model untouched, where a tensor has another shape.
  std::string copy_to(LanguageModel& model, const std::vector<Label>& labels) const;

 private:
  Run run_;
};

}  // namespace difflm
