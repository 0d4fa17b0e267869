#include "difflm/evaluation/steering/text_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/data/annotation.h"
#include "difflm/grammar/builtin_grammar.h"
#include "difflm/steering/guide/span.h"
#include "difflm/steering/wish_words.h"
#include "difflm/text/words.h"

namespace difflm {
namespace {

using Rule = std::function<std::optional<double>(const TextRule& rule, const std::string& wish, const std::string& text)>;

const std::map<std::string, Rule>& rules() {
  static const std::map<std::string, Rule> all = {{"attribute", &TextRule::expresses}, {"label", &TextRule::expresses},
                                                  {"fudge", &TextRule::expresses},     {"span", &TextRule::has_spans},
                                                  {"tree", &TextRule::tree_match},     {"part-of-speech", &TextRule::tag_match}};
  return all;
}

}  // namespace

TextRule::TextRule(const Run& run, const std::vector<Document>& training, std::shared_ptr<const AttributeJudge> judge)
    : builtin_(run.corpus.source.kind == "builtin"), judge_(std::move(judge)) {
  if (!builtin_) annotator_ = annotator_of(prepared_folder(run.config, run.folder));
  std::map<std::string, AttributeJudge::Accuracy> rule;  // of the texts that have a label alone
  for (const auto& document : training) {
    for (const auto& label : labels_of(document)) {
      auto& accuracy = rule[to_text(label)];
      const bool says = builtin_ || document.text.find(label.value) != std::string::npos;
      ++accuracy.has;
      accuracy.found += says ? 1 : 0;
      accuracy.said += says ? 1 : 0;
    }
  }
  for (const auto& [label, accuracy] : rule) {
    if (accuracy.is_trusted()) by_rule_.insert(label);
    if (by_rule_.contains(label) || (judge_ && judge_->is_trusted(label))) labels_.push_back(label);
  }
}

bool TextRule::judges(const std::string& guide) const {
  return rules().contains(guide) && (guide != "part-of-speech" || annotator_ != nullptr);
}

std::optional<double> TextRule::fulfilment(const WishSpec& wish, const std::string& text) const {
  return rules().at(wish.guide)(*this, wish.text, text);
}

std::optional<bool> TextRule::expresses(const std::string& wish, const std::string& text) const {
  std::vector<std::string> said;
  if (builtin_) {
    const auto words = split_words(text);
    const auto sentence = builtin_grammar().parse(words);
    if (!sentence) return {};
    Document document;
    document.attributes = sentence->attributes;
    for (const auto& label : labels_of(document)) said.push_back(to_text(label));
  }
  bool all = true;
  const auto known = [&](const std::string& label) { return std::find(labels_.begin(), labels_.end(), label) != labels_.end(); };
  for (const auto& label : wished_labels(wish, known)) {
    if (!known(label)) {
      throw usage_error(
          "tasks", fmt::format("whether a text expresses '{}' cannot be judged by a rule", label),
          "the value must occur word for word in nine of ten training texts that have it, or an attribute judge know it");
    }
    if (!by_rule_.contains(label)) {
      all = all && judge_->expresses(label, text);
    } else if (builtin_) {
      all = all && std::find(said.begin(), said.end(), label) != said.end();
    } else {
      all = all && text.find(label.substr(label.find('=') + 1)) != std::string::npos;
    }
  }
  return all;
}

std::optional<std::vector<Span>> TextRule::constituents(const std::string& text) const {
  if (annotator_ && annotator_->gives_trees()) {
    const auto annotation = annotator_->annotate(text);
    if (!annotation || annotation->tree.empty()) return {};
    return tree_spans(annotation->tree).spans;
  }
  if (!builtin_) {
    throw usage_error("tasks", "constituents of these texts cannot be judged, expected texts that a parser has annotated",
                      "`annotate` parses plain English");
  }
  const auto sentence = builtin_grammar().parse(split_words(text));
  if (!sentence) return {};
  return tree_spans(sentence->tree).spans;
}

std::optional<double> TextRule::tag_match(const std::string& wish, const std::string& text) const {
  const auto annotation = annotator_ ? annotator_->annotate(text) : std::nullopt;
  if (!annotation) return {};
  const auto wanted = split_at_spaces(wish);
  if (wanted.size() != annotation->tags.size()) return 0;
  double right = 0;
  for (size_t at = 0; at < wanted.size(); ++at) right += wanted[at] == "_" || wanted[at] == annotation->tags[at] ? 1 : 0;
  return right / static_cast<double>(wanted.size());
}

std::optional<double> TextRule::tree_match(const std::string& wish, const std::string& text) const {
  auto wanted = tree_spans(wish).spans;
  auto had = constituents(text);
  if (!had) return {};
  std::sort(wanted.begin(), wanted.end());
  std::sort(had->begin(), had->end());
  std::vector<Span> both;
  std::set_intersection(wanted.begin(), wanted.end(), had->begin(), had->end(), std::back_inserter(both));
  return 2 * static_cast<double>(both.size()) / static_cast<double>(wanted.size() + had->size());
}

std::optional<bool> TextRule::has_spans(const std::string& wish, const std::string& text) const {
  const auto wanted = read_spans(wish);
  const auto had = constituents(text);
  if (!had) return {};
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const Span& span) { return std::find(had->begin(), had->end(), span) != had->end(); });
}

}  // namespace difflm
