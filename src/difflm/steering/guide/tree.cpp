#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "difflm/steering/guide/tree.h"

namespace difflm {
namespace {

TreeSpans read_tree(const std::string& wish) {
  TreeSpans tree = tree_spans(wish);
  const auto given = std::find_if(tree.words.begin(), tree.words.end(), [](const auto& word) { return word != "_"; });
  if (given != tree.words.end()) {
    throw usage_error("tree", fmt::format("has the word '{}', expected _ for each word", *given),
                      "given words are a separate wish: `infill` or `keywords`");
  }
  if (tree.words.empty()) {
    throw usage_error("tree", fmt::format("is '{}', expected brackets", wish),
                      "for instance \"(S (NP (DET _) (NOUN _)) (VP (AUX _) (_ _)) (PUNCT _))\"");
  }
  return tree;
}

}  // namespace

TreeGuide::TreeGuide(const Options& options, const GuideSource& source)
    : Guide(options), reader_(options.classifier, source, "tree"), tags_weight_(options.tags) {
  const TreeSpans tree = read_tree(source.wish);
  length_ = static_cast<int64_t>(tree.words.size());
  if (length_ > source.run.length) {
    throw usage_error("tree", fmt::format("needs {} words, and the model's longest text has {}", length_, source.run.length));
  }
  wanted_ = torch::zeros({reader_.labels(), length_, length_});
  for (const auto& span : tree.spans) wanted_[reader_.label(span.label)][span.first][span.last] = 1;
  if (std::any_of(tree.tags.begin(), tree.tags.end(), [](const auto& tag) { return tag != "_"; })) {
    tags_ = std::make_unique<PartOfSpeechGuide>(
        GuideStrength(), GuideSource{source.run, source.resources, fmt::format("{}", fmt::join(tree.tags, " ")), source.seed},
        "tree");
  }
}

Tensor TreeGuide::log_probability(const GuideView& view) const {
  const Tensor logits = reader_.logits(view);
  const Tensor wanted = wanted_.to(logits.device());
  // A last word before the first is not a place.
  const Tensor each = torch::log_sigmoid(torch::where(wanted > 0, logits, -logits)).triu();
  const Tensor constituents = each.sum({1, 2, 3});
  if (!tags_) return constituents;
  return constituents + tags_weight_ * tags_->log_probability(view).to(constituents.dtype());
}

}  // namespace difflm
