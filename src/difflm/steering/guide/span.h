// A text that has constituents at given places: "NP 1-4" (its words 1 to 4), or several, "NP 1-2, VP 3-7".
//
// By a classifier of constituents that was trained for the model, see model/span_classifier.h; control.span.classifier is its run.
#pragma once

#include "difflm/steering/guide.h"
#include "difflm/steering/span_reader.h"
#include "difflm/syntax/tree_spans.h"

namespace difflm {

// "NP 1-4, VP 5-7" with words counted from 1. Throws a usage error for anything else.
std::vector<Span> read_spans(const std::string& wish);

class SpanGuide : public Guide {
 public:
  struct Options : GuideStrength {
    Options() { weight = 6; }  // 91% of E2E's spans; more costs variety (experiments/control)
    std::string classifier;
    void describe(OptionVisitor& visitor) {
      GuideStrength::describe(visitor);
      visitor.field("classifier", classifier, "the run folder of a span classifier trained for the model");
    }
  };
  SpanGuide(const Options& options, const GuideSource& source);

  Tensor log_probability(const GuideView& view) const override;
  int64_t choose_length(int64_t, int64_t drawn) const override { return std::max(drawn, shortest_); }
  std::optional<bool> is_fulfilled(std::span<const Token>) const override { return {}; }  // only a parser can decide
  std::optional<bool> fulfilled_by(const Document& document, std::span<const Token>) const override;

 private:
  SpanReader reader_;
  std::vector<Span> wanted_;
  std::vector<int64_t> labels_;  // index of each
  int64_t shortest_ = 0;         // length of a text that has room for all
};

}  // namespace difflm
