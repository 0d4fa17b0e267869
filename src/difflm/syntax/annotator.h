// What is known of a text besides its words, and what provides it: a parser (link_grammar.h) or a tagger (tagger.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace difflm {

struct Annotation {
  std::vector<std::string> tags;  // parts of speech, one per word of split_words(text)
  std::string tree;  // "(TEXT (S (NP (DET the) (NOUN cafe)) (VP ...)) (S ...))", the same words as its leaves; or empty
};

class Annotator {
 public:
  virtual ~Annotator() = default;

  // Nothing where the text cannot be annotated. The same text always gives the same result, unless a time limit is reached.
  virtual std::optional<Annotation> annotate(const std::string& text) = 0;

  // Whether it gives constituents, not only parts of speech.
  virtual bool gives_trees() const = 0;
};

}  // namespace difflm
