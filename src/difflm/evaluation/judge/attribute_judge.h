// Whether a text expresses an attribute, as learned from texts that the model has never seen: for attributes that no rule can judge
// (text_rule.h). How far it can be trusted is measured on texts that neither it nor the model was trained on.
//
// A label is expressed where one of its phrases occurs: of all runs of one to four words, those that hardly ever occur in a text
// without the label, the ones that explain most of its texts first (greedy set cover, as rule learners do it: RIPPER, Cohen 1995).
// Classifiers that weigh all words at once memorise which facts go together in their corpus, and fail on other combinations.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "difflm/core/config.h"
#include "difflm/text/document.h"

namespace difflm {

class AttributeJudge {
 public:
  // Learns from the corpus `path`, read as data.path is, to judge a model trained on `training` texts. It is trusted for labels of
  // which it finds nine in ten in the `held_out` texts, and is right in nine in ten that it finds. Throws a usage error where the
  // corpus has no labels, or contains more than a twentieth of the model's training texts.
  AttributeJudge(const std::string& path, const Config& config, const std::vector<Document>& training,
                 const std::vector<Document>& held_out);

  // For one label, over texts. The judge is trusted where both shares are nine in ten or more, over at least ten texts.
  struct Accuracy {
    int64_t has = 0;    // texts that have it,
    int64_t found = 0;  // of these: texts in which the judge finds it
    int64_t said = 0;   // texts in which the judge finds it
    bool is_trusted() const;
  };
  const std::map<std::string, Accuracy>& accuracy() const { return accuracy_; }  // by "field=value", over the held-out texts

  // For all trusted labels together, as one line.
  std::string summary() const;

  bool is_trusted(const std::string& label) const;
  bool expresses(const std::string& label, const std::string& text) const;

 private:
  void learn(const std::vector<Document>& documents);
  void measure(const std::vector<Document>& held_out);

  std::map<std::string, std::set<std::string>> phrases_;  // of each label
  std::map<std::string, Accuracy> accuracy_;
};

}  // namespace difflm
