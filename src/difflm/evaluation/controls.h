// Controls: texts of known worth that go through the same metrics as the samples.
//
// Held-out text is the positive control: no model should be expected to do better. The others are nonsense, or copies, each of
// which some metric takes for good text (the trap "nonsense wins"; the circle of frequent words is from arXiv 2606.08417). A metric
// that ranks one of them above the samples says nothing about the samples. All are deterministic given the seed. Their words are
// joined as in ordinary text, so that a judge with another tokenizer is not misled by odd spaces.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "difflm/evaluation/text_set.h"

namespace difflm {

struct HeldOutSplit {
  std::vector<std::string> control;    // at most `count`, at most half
  std::vector<std::string> reference;  // the rest
};

// How many of `texts` held-out texts, two at least, are the control of `count` samples.
size_t control_size(size_t texts, size_t count);

// A random split of held-out texts, so that the positive control is never compared with itself.
// Throws a usage error for fewer than two texts.
HeldOutSplit split_held_out(const std::vector<std::string>& texts, size_t count, uint64_t seed);

// `count` texts of independent words with the word frequencies of `source`; lengths are drawn from those of `lengths`.
std::vector<std::string> unigram_texts(const TextSet& source, const TextSet& lengths, size_t count, uint64_t seed);

// `count` texts that each walk the circle of the `circle` most frequent words of `source` (fewer where it has fewer) from a random
// place. Entropy is that of a fair die of `circle` sides, and no text repeats an n-gram before it has gone round.
std::vector<std::string> cyclic_texts(const TextSet& source, const TextSet& lengths, size_t count, uint64_t seed,
                                      size_t circle = 64);

// `count` texts glued from phrases of `source`: runs of 3 to 6 words as they occur there, each from a random place, up to a drawn
// length. Correct words in runs that no n-gram statistic of that size can fault, and no sense.
std::vector<std::string> phrase_texts(const TextSet& source, const TextSet& lengths, size_t count, uint64_t seed);

// One and the same text of `source`, `count` times: among those at least as long as half of the texts, the one whose word pairs are
// the most frequent. No model of the data finds it surprising, and it says nothing: by perplexity alone it is the best text of all.
std::vector<std::string> repeated_texts(const TextSet& source, size_t count);

// The words of each text in random order: correct words and lengths, no grammar.
std::vector<std::string> shuffled_texts(const TextSet& texts, uint64_t seed);

// A random choice of `count` texts, each at most once, so fewer where there are fewer.
std::vector<std::string> chosen_texts(std::vector<std::string> texts, size_t count, uint64_t seed);

}  // namespace difflm
