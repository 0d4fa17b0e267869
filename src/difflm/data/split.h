// The train/validation split: by a hash of the text, so it needs no state and no order.
//
// Equal texts have equal hashes and so fall on the same side: no duplicate leaks from training into validation.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "difflm/text/document.h"

namespace difflm {

struct Split {
  std::vector<Document> training;
  std::vector<Document> validation;
  size_t duplicates = 0;             // documents whose text occurred before
  size_t duplicates_kept_apart = 0;  // of those, how many a random split could have leaked: copies of a validation text
};

// Which side a text falls on, by `hash`, its hash_text.
bool is_held_out(uint64_t hash, double share, uint64_t seed);

// A single text in two, the second part held out.
std::pair<Document, Document> cut_stream(Document document, double share);

// Visits a text in parts of about `bytes`, cut where a stream is cut; as one part where it is shorter, or has tags or a tree.
void for_each_part(Document&& document, size_t bytes, const std::function<void(Document&&)>& visit);

// Throws the usage error of `split_documents` where either side is empty.
void check_sides(size_t training, size_t validation);

// About `share` of the distinct texts go to validation. A single document (a stream) is cut instead of hashed: its last `share`
// goes to validation, from a line on where there are lines, else from a sentence or a word on. Throws a usage error when either
// side would be empty.
Split split_documents(std::vector<Document> documents, double share, uint64_t seed);

}  // namespace difflm
