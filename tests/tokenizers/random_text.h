// Texts that a tokenizer may stumble over: chosen by hand, and drawn from an alphabet of troublemakers.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/random.h"

namespace difflm::test {

inline std::vector<std::string> nasty_texts() {
  return {
      "",
      " ",
      "\n",
      "\n\n \n",
      "  two  spaces  ",
      "tab\there",
      "don't stop, it's 5.00 (or £20-25)!",
      "\"He said 'no',\" she wrote.",
      "<pad> <start> <end> <unk> <s> </s> [PAD] <0x41>",
      "e\u0301 is \u00E9",  // decomposed and composed
      "\u0301 begins with a mark",
      "\u1100\u1161\u11A8 \uAC01",  // Hangul, decomposed and composed
      "\U0001F469\u200D\U0001F469\u200D\U0001F467 \U0001F44D\U0001F3FD \U0001F1E9\U0001F1EA\U0001F1EB",
      "\u4F60\u597D\uFF0C\u4E16\u754C",               // Chinese with a full-width comma
      "\u0645\u0631\u062D\u0628\u0627 \u0600\u0661",  // Arabic, with a prepended number sign
      "\u2581already\u2581escaped",                   // SentencePiece's space
      "no-break\u00A0space\u2028line\u0085end\uFEFF",
      "\u0130stanbul STRASSE \u1E9E \u03A3",
      std::string("nul\0inside", 10),
      "cut \xE2\x82 off, lone \x80, overlong \xC0\xAF, surrogate \xED\xA0\x80, \xFF\xFE",
      "...--... -- - . .. ' ' '' \" \"\" ''' i' o' 'tis",
      "a.b,c;d:e!f?g/h\\i|j",
      "1.2.3 1,000 10:30 24/7 3.x .5 5. -5 $5 5$ $ 5 #1 @x 20%",
      "CRLF\r\nand CR\rhere",
      "___ _a_ a__b",
  };
}

// Up to `most` pieces of the alphabet, one after another.
inline std::string random_text(RandomStream& stream, size_t most = 24) {
  static const std::vector<std::string> kAlphabet = {"a",
                                                     "B",
                                                     "the",
                                                     "5",
                                                     "0",
                                                     " ",
                                                     " ",
                                                     " ",
                                                     "\n",
                                                     "\t",
                                                     "\r",
                                                     ".",
                                                     ",",
                                                     ":",
                                                     "/",
                                                     "-",
                                                     "'",
                                                     "\"",
                                                     "(",
                                                     ")",
                                                     "[",
                                                     "]",
                                                     "!",
                                                     "?",
                                                     "%",
                                                     "$",
                                                     "\u00A3",
                                                     "\u20AC",
                                                     "#",
                                                     "@",
                                                     "_",
                                                     "&",
                                                     "<",
                                                     ">",
                                                     "i",
                                                     "o",
                                                     "tis",
                                                     "em",
                                                     "\u2019",
                                                     "\u2018",
                                                     "\u201C",
                                                     "\u201D",
                                                     "\u2026",
                                                     "\u00E9",
                                                     "e\u0301",
                                                     "\u0301",
                                                     "\u0338",
                                                     "=",
                                                     "\u200D",
                                                     "\uFE0F",
                                                     "\U0001F469",
                                                     "\U0001F3FD",
                                                     "\U0001F1E9",
                                                     "\u0600",
                                                     "\u0661",
                                                     "\u1100",
                                                     "\u1161",
                                                     "\u11A8",
                                                     "\u4F60",
                                                     "\u2581",
                                                     "\u00A0",
                                                     "\u2028",
                                                     "\uFEFF",
                                                     "\u00AD",
                                                     "\u0130",
                                                     "\u03A3",
                                                     "\u1E9E",
                                                     "<pad>",
                                                     "<unk>",
                                                     "<0x41>",
                                                     std::string(1, '\0'),
                                                     "\x01",
                                                     "\x80",
                                                     "\xE2",
                                                     "\xF0\x9F",
                                                     "\uFFFD",
                                                     "\U0010FFFF",
                                                     "\u2010",
                                                     "\u00B2",
                                                     "\u00BD"};
  std::string text;
  const size_t count = stream.below(most + 1);
  for (size_t i = 0; i < count; ++i) text += kAlphabet[stream.below(kAlphabet.size())];
  return text;
}

}  // namespace difflm::test
