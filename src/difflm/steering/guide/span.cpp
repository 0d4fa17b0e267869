#include <fmt/format.h>

#include <algorithm>

#include "difflm/core/names.h"
#include "difflm/steering/guide/span.h"
#include "difflm/steering/wish_words.h"

namespace difflm {
namespace {

int64_t word_number(const std::string& text, const std::string& wish) {
  const bool digits = !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || text == "0") throw usage_error("span", fmt::format("is '{}', expected a label and words, as NP 1-4", wish));
  return std::stoll(text) - 1;
}

}  // namespace

std::vector<Span> read_spans(const std::string& wish) {
  std::vector<Span> spans;
  for (const auto& one : split_list(wish, ", ")) {
    const auto parts = split_at_spaces(one);
    const size_t dash = parts.size() == 2 ? parts[1].find('-') : std::string::npos;
    if (dash == std::string::npos) throw usage_error("span", fmt::format("is '{}', expected a label and words, as NP 1-4", wish));
    spans.push_back({parts[0], word_number(parts[1].substr(0, dash), wish), word_number(parts[1].substr(dash + 1), wish)});
    if (spans.back().last < spans.back().first) throw usage_error("span", fmt::format("'{}' ends before it begins", wish));
  }
  return spans;
}

SpanGuide::SpanGuide(const Options& options, const GuideSource& source)
    : Guide(options), reader_(options.classifier, source, "span"), wanted_(read_spans(source.wish)) {
  for (const auto& span : wanted_) {
    labels_.push_back(reader_.label(span.label));
    shortest_ = std::max(shortest_, span.last + 1);
  }
  if (shortest_ > source.run.length) {
    throw usage_error("span", fmt::format("needs {} words, and the model's longest text has {}", shortest_, source.run.length));
  }
}

Tensor SpanGuide::log_probability(const GuideView& view) const {
  const Tensor log_has = torch::log_sigmoid(reader_.logits(view));
  Tensor sum = torch::zeros({log_has.size(0)}, log_has.options());
  for (size_t at = 0; at < wanted_.size(); ++at)
    sum = sum + log_has.select(1, labels_[at]).select(1, wanted_[at].first).select(1, wanted_[at].last);
  return sum;
}

std::optional<bool> SpanGuide::fulfilled_by(const Document& document, std::span<const Token>) const {
  const auto spans = tree_spans(document.tree).spans;
  return std::all_of(wanted_.begin(), wanted_.end(),
                     [&](const Span& span) { return std::find(spans.begin(), spans.end(), span) != spans.end(); });
}

}  // namespace difflm
