// Parts of speech and constituency trees for the texts of a prepared corpus that come without: what steering by them, and judging
// it, needs. By a parser of plain English (syntax/link_grammar.h), or a tagger learned from tagged texts (syntax/tagger.h).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "difflm/syntax/annotator.h"
#include "difflm/syntax/tagger.h"
#include "difflm/text/document.h"

namespace difflm {

struct AnnotationCounts {
  size_t texts = 0;      // of both sides
  size_t annotated = 0;  // of these: have a tree now, or tags where no parser made them
};

// Told how many texts are done; false stops.
using AnnotationProgress = std::function<bool(size_t done, size_t count)>;

// Parses each text of `folder` that has no tree and writes those that can be parsed back to train.jsonl and validation.jsonl;
// data.json then says `annotated`. Tokens and split stay as they are, so models trained on the folder stay valid. Of a stopped one
// what was parsed so far is kept. Throws a usage error where the folder is no prepared corpus, a failure without the parser's
// dictionary.
AnnotationCounts parse_prepared(const std::string& folder, const AnnotationProgress& progress);

struct TaggedCounts {
  AnnotationCounts counts;
  TaggerAccuracy accuracy;
};

// Tags each text of `folder` by a tagger of the tagged `documents` (from `source`, for messages), in place of tags and trees that
// an annotation before made; keeps the tagger there as tagger.json. A stopped one changes nothing. Throws a usage error where
// `folder` is no prepared corpus or its texts have parts of speech of their own.
TaggedCounts tag_prepared(const std::string& folder, const std::vector<Document>& documents, const std::string& source,
                          const AnnotationProgress& progress);

// What annotated the texts of `folder`; null where they came as they are.
std::unique_ptr<Annotator> annotator_of(const std::string& folder);

}  // namespace difflm
