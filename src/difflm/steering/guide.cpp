#include "difflm/steering/guide.h"

#include "difflm/steering/guide/attribute.h"
#include "difflm/steering/guide/begin.h"
#include "difflm/steering/guide/fluency.h"
#include "difflm/steering/guide/fudge.h"
#include "difflm/steering/guide/infill.h"
#include "difflm/steering/guide/keywords.h"
#include "difflm/steering/guide/label.h"
#include "difflm/steering/guide/length.h"
#include "difflm/steering/guide/part_of_speech.h"
#include "difflm/steering/guide/reward.h"
#include "difflm/steering/guide/span.h"
#include "difflm/steering/guide/tree.h"

namespace difflm {

const GuideFamily& guides() {
  using F = GuideFamily;
  static const F family(
      "control.guide", "what a text should be like",
      {
          variant<F, KeywordsGuide>("keywords", "contains words, in order where several are given", "cheap ... pub"),
          variant<F, WithoutGuide>("without", "does not contain words", "expensive"),
          variant<F, AttributeGuide>("attribute", "expresses attributes, by a classifier", "food=Italian, area=riverside"),
          variant<F, LabelGuide>("label", "has labels that the model was trained to write by", "food=Italian"),
          variant<F, FudgeGuide>("fudge", "will have labels, of an autoregressive model by a prefix classifier", "food=Italian"),
          variant<F, PartOfSpeechGuide>("part-of-speech", "has given parts of speech", "DET NOUN AUX _ ADJ PUNCT"),
          variant<F, SpanGuide>("span", "has constituents at given places, by a classifier", "NP 1-2, VP 3-7"),
          variant<F, TreeGuide>("tree", "has a given constituency tree, by a classifier",
                                "(S (NP (DET _) (NOUN _)) (VP (AUX _) (ADJ _)) (PUNCT _))"),
          variant<F, FluencyGuide>("fluency", "is likely to an autoregressive model", "runs/autoregressive"),
          variant<F, RewardGuide>("reward", "gets a high number from a program that reads it", "awk '{ print gsub(/s/, \"\") }'"),
          variant<F, LengthGuide>("length", "has a number of tokens", "10..20"),
          variant<F, BeginGuide>("begin", "begins with given words", "The old pub"),
          variant<F, InfillGuide>("infill", "has given words at given places", "The _ is * ."),
      });
  return family;
}

}  // namespace difflm
