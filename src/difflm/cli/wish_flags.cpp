#include "difflm/cli/wish_flags.h"

namespace difflm {

const std::vector<WishFlag>& wish_flags() {
  static const std::vector<WishFlag> flags = {
      {"--keyword", "keywords", "words it must contain; \"cheap ... pub\": in this order, with anything between"},
      {"--without", "without", "words it must not contain"},
      {"--attribute", "attribute", "what it must express, field=value; several: \"food=Italian, area=riverside\""},
      {"--label", "label", "the same, for a model trained with model.labels=true; no classifier is needed"},
      {"--fudge", "fudge", "the same, for an autoregressive model, by a prefix classifier (FUDGE)"},
      {"--span", "span", "a constituent and its words, counted from 1: \"NP 1-4\"; several: \"NP 1-2, VP 3-7\""},
      {"--tree", "tree", "its tree, _ for each word: \"(S (NP (DET _) (NOUN _)) (VP (AUX _) (ADJ _)) (PUNCT _))\""},
      {"--tags", "part-of-speech", "the part of speech of each word, _ for any: \"DET NOUN AUX ADJ PUNCT\""},
      {"--length", "length", "tokens: 14, or 10..20"},
      {"--begin", "begin", "the words that it begins with; an autoregressive model follows this one too"},
      {"--infill", "infill", "given words; _ is an open one, * any number of them: \"The _ is * .\""},
      {"--reward", "reward", "a command that reads texts, one per line, and writes a number for each: the higher the better"},
      {"--fluency", "fluency", "likely to an autoregressive model of the same texts and words: its run folder"},
  };
  return flags;
}

}  // namespace difflm
