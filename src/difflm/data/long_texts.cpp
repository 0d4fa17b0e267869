#include "difflm/data/long_texts.h"

#include "difflm/data/long_texts/cut.h"
#include "difflm/data/long_texts/leave_out.h"
#include "difflm/data/long_texts/split.h"
#include "difflm/data/long_texts/window.h"

namespace difflm {

const LongTextsFamily& long_texts() {
  using F = LongTextsFamily;
  static const F family("data.long", "what becomes of texts longer than data.length",
                        {
                            variant<F, SplitLongTexts>("split", "split at the ends of sentences, or of clauses, or at spaces"),
                            variant<F, LongTextWindows>("window", "split anywhere, at other places in every epoch"),
                            variant<F, CutLongTexts>("cut", "their beginning alone is used"),
                            variant<F, WithoutLongTexts>("leave-out", "not used"),
                        });
  return family;
}

}  // namespace difflm
