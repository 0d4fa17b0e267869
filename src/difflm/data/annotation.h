// Parts of speech and constituency trees for the texts of a prepared corpus that come without: what steering by them, and judging
// it, needs (text/link_grammar.h).
#pragma once

#include <functional>
#include <string>

namespace difflm {

struct AnnotationCounts {
  size_t texts = 0;      // of both sides
  size_t annotated = 0;  // of these: have a tree now
};

// Parses each text of `folder` that has no tree and writes those that can be parsed back to train.jsonl and validation.jsonl;
// data.json then says `annotated`. Tokens and split stay as they are, so models trained on the folder stay valid. `progress` is
// told how many texts are done; false stops, and what was parsed so far is kept. Throws a usage error where the folder is no
// prepared corpus, a failure without the parser's dictionary.
AnnotationCounts annotate_prepared(const std::string& folder, const std::function<bool(size_t done, size_t count)>& progress);

// True where the texts of `folder` were annotated by this.
bool is_annotated(const std::string& folder);

}  // namespace difflm
