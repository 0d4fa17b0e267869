// What the link-grammar library is given instead of the words of a sentence.
//
// Its dictionary is of general English. Some phrases that are frequent in reviews and notices are not in it, or it reads them
// wrongly (the rating in "a customer rating" as a verb), so a known word of the same kind is given instead; the tree keeps our
// words. That makes no wrong sentence right, except for what is inside the phrase:
//
//   family-friendly, kid-friendly ...          friendly
//   family friendly, kids friendly ...         friendly, and stays one phrase (ADJP (NOUN family) (ADJ friendly))
//   non family-friendly                        the same: (ADJP (ADV non) (ADJ family-friendly))
//   high priced, low rated ...                 cheap, or expensive after "an": (ADJP (ADJ high) (ADJ priced))
//   rating, ratings                            reputation, reputations
//   5 out of 5 (before a noun)                 good, or excellent after "an": (QP (NUM 5) (ADP out) (ADP of) (NUM 5))
//   rated 5 out of 5                           highly
//   £20-£25, £20 - £25                         £20
//   they are ..., and are ...                  were: the dictionary cannot join "are" to another verb by "and"
//   Browns (before another name)               Brown: an unknown name in s is taken for a plural
//   the Phoenix (a name of one word)           Eagle: cities in the dictionary have no article
#pragma once

#include <span>
#include <string>
#include <vector>

namespace difflm {

struct Phrase {
  std::string text;  // what the library reads
  size_t first = 0;  // the words that it stands for
  size_t count = 1;
  std::vector<std::string> tags;  // of these words, where the phrase determines them; else empty
  std::string label;              // of the constituent, for a phrase of several words
  bool operator==(const Phrase&) const = default;
};
using Phrasing = std::vector<Phrase>;  // covers all words, in order

// Each word by itself.
Phrasing plain_phrasing(std::span<const std::string> words);

// With the phrases above; equal to the plain one where there are none.
Phrasing known_phrasing(std::span<const std::string> words);

// "(NOUN cafe)", or "(ADJP (NOUN family) (ADJ friendly))" for a phrase of several words; `tags` are those of all words.
std::string bracketed(const Phrase& phrase, std::span<const std::string> words, const std::vector<std::string>& tags);

}  // namespace difflm
