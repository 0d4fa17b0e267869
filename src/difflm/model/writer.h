// A model that writes texts.
#pragma once

#include <memory>

#include "difflm/model/label_embedding.h"
#include "difflm/model/language_model.h"

namespace difflm {

class Writer : public LanguageModel {
 public:
  // True where it writes from left to right, each word for good; false where it refines a whole text step by step, so that what
  // pulls at the words of an estimate can steer it.
  virtual bool writes_word_by_word() const = 0;

  // What tells it of labels that its text shall have; null where it was not trained to know any.
  virtual std::shared_ptr<LabelEmbedding> label_embedding() const = 0;
};

}  // namespace difflm
