// The beginning alone: as Diffusion-LM does with padded sequences, which then have no END.
#pragma once

#include "difflm/data/long_texts.h"

namespace difflm {

class CutLongTexts : public LongTexts {
 public:
  using Options = NoOptions;
  explicit CutLongTexts(const Options&) {}

  std::vector<TextPart> parts(std::span<const Token>, size_t longest, const TokenBreaks&, RandomStream&) const override {
    return {{0, longest}};
  }

  bool keeps_all() const override { return false; }
  std::string done() const override { return "cut"; }
};

}  // namespace difflm
