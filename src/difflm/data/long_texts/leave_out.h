// Not used at all: nothing teaches wrong beginnings and endings.
#pragma once

#include "difflm/data/long_texts.h"

namespace difflm {

class WithoutLongTexts : public LongTexts {
 public:
  using Options = NoOptions;
  explicit WithoutLongTexts(const Options&) {}

  std::vector<TextPart> parts(std::span<const Token>, size_t, const TokenBreaks&, RandomStream&) const override { return {}; }

  bool keeps_all() const override { return false; }
  std::string done() const override { return "left out"; }
};

}  // namespace difflm
