// Part-of-speech tags and constituents of plain English, by the link-grammar library.
//
// A link grammar (Sleator and Temperley 1991, arXiv cmp-lg/9508004) states for each word which links it may have to words on its
// left and right; a sentence belongs to the language if links can be drawn above it that satisfy every word, do not cross and
// connect all words. The library finds the cheapest such linkage and derives constituents from the link types. The dictionary is
// hand-written: nothing is trained, so nothing leaks from a corpus that is judged. A sentence that it does not cover as a whole has
// no annotation: wrong English is not repaired, which makes it a judge, though a lenient one.
//
// Measured on E2E's 4,672 development references, one core of a Xeon: 85% have an annotation (50% without the phrases of
// link_grammar_phrasing.h and the headlines' grammar, 75% with the phrases alone, 60% with the headlines alone), 14 ms per text. Of
// 400 of them, 9% still have one with the words of each sentence shuffled, 45% with two neighbours exchanged. The tags are mostly
// right. The constituents are the library's: subjects and plain noun phrases are mostly right; the attachment of prepositional
// phrases and participles often is not.
#pragma once

#include <memory>

#include "difflm/syntax/annotator.h"

namespace difflm {

// Tags are universal ones (NOUN, VERB, ADP, ...). Keeps one dictionary, so make one and use it for many texts. Not for use by two
// threads at once.
class LinkGrammarParser : public Annotator {
 public:
  // `dictionary`: a language of the library, or the folder of a dictionary. Throws a failure where it is not installed.
  explicit LinkGrammarParser(const std::string& dictionary = "en");
  ~LinkGrammarParser() override;

  // Nothing where a sentence has no complete linkage, is longer than 60 words or takes too long, and where a word cannot be a leaf
  // (a bracket, a line feed). The same text always gives the same result, unless the time runs out. Throws no error of its own.
  std::optional<Annotation> annotate(const std::string& text) override;
  bool gives_trees() const override { return true; }

 private:
  class Library;
  std::unique_ptr<Library> library_;
};

}  // namespace difflm
