// A model that writes texts.
#pragma once

#include <memory>

#include "difflm/model/label_embedding.h"
#include "difflm/model/language_model.h"

namespace difflm {

class Writer : public LanguageModel {
 public:
  // True where it writes from left to right and each token is final; false where it refines a whole text step by step, so that
  // guides can steer it through the logits of its estimates.
  virtual bool writes_word_by_word() const = 0;

  // What conditions it on labels that its text should have; null where it was trained without labels.
  virtual std::shared_ptr<LabelEmbedding> label_embedding() const = 0;
};

}  // namespace difflm
