// The trained run that another training begins with, in place of random parameters: fine-tuning, on other texts or with labels.
//
// Its averaged weights are copied by name. Two things may be new in the model: the vectors of labels, and further inputs of a
// layer, which stand last (features.h). What is new is silent at first: the inputs have weights of 0, vectors that are added to the
// words' are 0. So at its first step the model writes what the run writes.
#pragma once

#include <string>

#include "difflm/model/run_folder.h"

namespace difflm {

class StartingPoint {
 public:
  // Throws a usage error naming train.start where `folder` holds no trained run.
  explicit StartingPoint(const std::string& folder);

  // The new training has to read its texts by this tokenizer, since each word keeps its row.
  std::shared_ptr<const Tokenizer> tokenizer() const { return run_.tokenizer; }

  // Throws a usage error where `asked`, the data.tokenizer by which texts shall be prepared, is of another kind.
  void check_tokenizer(const std::string& asked) const;

  // Throws a usage error where the words differ from the run's; `where` is what they are the vocabulary of.
  void check_vocabulary(const Tokenizer& tokenizer, const std::string& where) const;

  // Copies what the run has learned into `model`, whose labels are `labels`. Returns a line for the user: what is new, what was
  // left behind. Throws a usage error, with the model untouched, where a tensor has another shape.
  std::string copy_to(LanguageModel& model, const std::vector<Label>& labels) const;

 private:
  Run run_;
};

}  // namespace difflm
