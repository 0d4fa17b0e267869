#include "difflm/steering/guide.h"

#include "difflm/steering/guide/attribute.h"
#include "difflm/steering/guide/fluency.h"
#include "difflm/steering/guide/fudge.h"
#include "difflm/steering/guide/infill.h"
#include "difflm/steering/guide/keywords.h"
#include "difflm/steering/guide/label.h"
#include "difflm/steering/guide/length.h"
#include "difflm/steering/guide/part_of_speech.h"
#include "difflm/steering/guide/span.h"
#include "difflm/steering/guide/tree.h"

namespace difflm {

const GuideFamily& guides() {
  using F = GuideFamily;
  static const F family("control.guide", "what a text shall be like",
                        {
                            variant<F, KeywordsGuide>("keywords", "contains words, in order where several are given"),
                            variant<F, WithoutGuide>("without", "does not contain words"),
                            variant<F, AttributeGuide>("attribute", "expresses attributes, by a classifier"),
                            variant<F, LabelGuide>("label", "has labels that the model was trained to be told"),
                            variant<F, FudgeGuide>("fudge", "will have labels, of an autoregressive model by a prefix classifier"),
                            variant<F, PartOfSpeechGuide>("part-of-speech", "has given parts of speech"),
                            variant<F, SpanGuide>("span", "has constituents at given places, by a classifier"),
                            variant<F, TreeGuide>("tree", "has a given constituency tree, by a classifier"),
                            variant<F, FluencyGuide>("fluency", "is likely to an autoregressive model"),
                            variant<F, LengthGuide>("length", "has a number of tokens"),
                            variant<F, InfillGuide>("infill", "has given words at given places"),
                        });
  return family;
}

}  // namespace difflm
