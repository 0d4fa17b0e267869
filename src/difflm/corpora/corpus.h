// Corpus readers: files -> documents. A family; see corpora() in corpus.cpp for the list.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/text/document.h"

namespace difflm {

class Corpus {
 public:
  virtual ~Corpus() = default;

  // The documents of `text`, the content of the file `path` (used in messages only; the builtin corpus ignores both).
  // Throws a usage error "path:line: what, expected" on malformed content.
  virtual std::vector<Document> parse(const std::string& path, const std::string& text) const = 0;

  virtual bool reads_files() const { return true; }
};

using CorpusFamily = Family<Corpus>;
const CorpusFamily& corpora();  // data.corpus

// What was read, and what had to be repaired or dropped.
struct CorpusReport {
  size_t files = 0;
  size_t bytes = 0;
  size_t invalid_bytes = 0;    // replaced by U+FFFD
  size_t empty_documents = 0;  // dropped
  std::string kind;            // the corpus variant used
  bool operator==(const CorpusReport&) const = default;
};

// Reads `patterns` (files, globs, "-" for standard input; each must match something) with the corpus variant `kind`, or, for
// kind "auto", by extension: .jsonl, .csv, anything else txt; no pattern at all means builtin.
// Decoding: a byte order mark is dropped, CRLF and CR become LF, bytes that are not UTF-8 become U+FFFD (counted),
// a NUL byte means a binary file and is an error. Empty documents are dropped (counted). Throws a usage error when nothing is left.
std::vector<Document> read_corpus(const std::vector<std::string>& patterns, const std::string& kind, const Config& config,
                                  CorpusReport* report = nullptr);

}  // namespace difflm
