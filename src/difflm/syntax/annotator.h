// What can be said of a text besides its words, and whatever says it: a parser (link_grammar.h) or a tagger (tagger.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace difflm {

struct Annotation {
  std::vector<std::string> tags;  // parts of speech, one a word of split_words(text)
  std::string tree;  // "(TEXT (S (NP (DET the) (NOUN cafe)) (VP ...)) (S ...))", the same words as its leaves; or empty
};

class Annotator {
 public:
  virtual ~Annotator() = default;

  // Nothing where the text cannot be annotated. The same text always gives the same result, unless a limit of time runs out.
  virtual std::optional<Annotation> annotate(const std::string& text) = 0;

  // Whether it says constituents, not parts of speech alone.
  virtual bool gives_trees() const = 0;
};

}  // namespace difflm
