// Whether a text expresses an attribute, or has a constituent, tree or parts of speech, by a rule that is not a classifier, so
// never the one that steered.
//
// Texts of the builtin corpus are parsed by its grammar, which gives their facts; a text that is not in the language cannot be
// judged. Elsewhere constituents and parts of speech come from what annotated the training texts, a parser or a tagger
// (data/annotation.h), for texts that it can annotate. The value of an attribute must occur in the text word for word, as in
// Diffusion-LM's own test; only labels are judged for which this is true in nine of ten training texts that have them. For other
// labels a judge may be named (attribute_judge.h).
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "difflm/evaluation/judge/attribute_judge.h"
#include "difflm/model/run_folder.h"
#include "difflm/steering/wish.h"
#include "difflm/syntax/annotator.h"
#include "difflm/syntax/tree_spans.h"

namespace difflm {

class TextRule {
 public:
  // `judge`: for labels that the rule cannot judge; null: none.
  TextRule(const Run& run, const std::vector<Document>& training, std::shared_ptr<const AttributeJudge> judge = nullptr);

  // Whether the texts are of the builtin corpus, so that its grammar reads them.
  bool reads_builtin() const { return builtin_; }

  // Whether this rule, and not the guide's own exact one, says how far a text fulfils a wish of `guide`: where only a classifier
  // can guide, and for parts of speech of an annotated corpus.
  bool judges(const std::string& guide) const;

  // How far `text` fulfils a wish that it judges: 0 or 1, between them for trees and tags. Nothing where the text cannot be judged.
  // Throws a usage error for a wish that it cannot judge in any text.
  std::optional<double> fulfilment(const WishSpec& wish, const std::string& text) const;

  // The attributes that can be judged, "field=value".
  const std::vector<std::string>& labels() const { return labels_; }
  const AttributeJudge* judge() const { return judge_.get(); }

  // `wish` as the attribute guide reads it: all of "food=Italian, area=riverside". Nothing where the text cannot be judged. Throws
  // a usage error for a label that it cannot judge.
  std::optional<bool> expresses(const std::string& wish, const std::string& text) const;

  // How much of a tree, as the tree guide reads it, the text has: F1 of labelled constituents, tags left out (as EVALB, Black et
  // al. 1991). Nothing where the text cannot be parsed.
  std::optional<double> tree_match(const std::string& wish, const std::string& text) const;

  // Share of the words of the text that have the tag that `wish` asks for, as the part-of-speech guide reads it; 0 for a text of
  // another length. Nothing where the text cannot be parsed.
  std::optional<double> tag_match(const std::string& wish, const std::string& text) const;

  // `wish` as the span guide reads it, "NP 1-4, VP 5-7".
  std::optional<bool> has_spans(const std::string& wish, const std::string& text) const;

 private:
  // Nothing where `text` cannot be parsed. Throws a usage error where no parser has annotated the corpus.
  std::optional<std::vector<Span>> constituents(const std::string& text) const;

  bool builtin_;
  std::unique_ptr<Annotator> annotator_;  // of an annotated corpus, else null
  std::set<std::string> by_rule_;         // labels
  std::shared_ptr<const AttributeJudge> judge_;
  std::vector<std::string> labels_;  // by rule or judge
};

}  // namespace difflm
