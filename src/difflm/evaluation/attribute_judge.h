// Whether a text expresses an attribute, as a classifier says that has never seen the model's texts: for attributes that no rule
// can judge (text_rule.h). How far it can be believed is measured on texts that neither it nor the model was trained on.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "difflm/model/prefix_classifier.h"
#include "difflm/model/run_folder.h"

namespace difflm {

class AttributeJudge {
 public:
  // The prefix classifier `folder`, for a model trained on `training` texts; its word is taken for labels of which it finds nine of
  // ten in the `held_out` texts, and is right in nine of ten that it finds. Throws a usage error where it is none, or was trained
  // on more than a twentieth of the model's training texts.
  AttributeJudge(const std::string& folder, const std::vector<Document>& training, const std::vector<Document>& held_out);

  // Of one label, over the held-out texts.
  struct Accuracy {
    int64_t has = 0;    // texts that have it,
    int64_t found = 0;  // of these: texts of which the judge says so
    int64_t said = 0;   // texts of which the judge says so
    bool is_trusted() const;
  };
  const std::map<std::string, Accuracy>& accuracy() const { return accuracy_; }  // by "field=value"

  // Of all trusted labels together, as one line.
  std::string summary() const;

  bool is_trusted(const std::string& label) const;
  bool expresses(const std::string& label, const std::string& text) const;

 private:
  Tensor says(const std::string& text) const;  // [L] scores of a whole text

  Run run_;
  PrefixClassifier* classifier_;
  std::map<std::string, int64_t> index_;  // of each label
  std::map<std::string, Accuracy> accuracy_;
};

}  // namespace difflm
