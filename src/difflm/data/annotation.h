// Parts of speech and constituency trees for the texts of a prepared corpus that come without them. Steering by them, and judging
// such steering, needs them. They come from a parser of plain English (syntax/link_grammar.h) or from a tagger learned from tagged
// texts (syntax/tagger.h).
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
  size_t annotated = 0;  // of these: that now have a tree, or tags where a tagger made them
};

// Called with the number of finished texts and of all; returning false stops.
using AnnotationProgress = std::function<bool(size_t done, size_t count)>;

// Parses each text of `folder` that has no tree and writes those that can be parsed back to train.jsonl and validation.jsonl;
// data.json then says `annotated`. Tokens and split stay unchanged, so models trained on the folder stay valid. If it is stopped,
// what has been parsed so far is kept. Throws a usage error where the folder is not a prepared corpus, a failure where the parser's
// dictionary is missing.
AnnotationCounts parse_prepared(const std::string& folder, const AnnotationProgress& progress);

struct TaggedCounts {
  AnnotationCounts counts;
  TaggerAccuracy accuracy;
};

// Tags each text of `folder` with a tagger learned from the tagged `documents` (from `source`, for messages). Replaces tags and
// trees that an earlier annotation made; keeps the tagger in the folder as tagger.json. If it is stopped, nothing changes. Throws a
// usage error where `folder` is not a prepared corpus or its texts came with parts of speech.
TaggedCounts tag_prepared(const std::string& folder, const std::vector<Document>& documents, const std::string& source,
                          const AnnotationProgress& progress);

// What annotated the texts of `folder`; null where nothing did.
std::unique_ptr<Annotator> annotator_of(const std::string& folder);

}  // namespace difflm
