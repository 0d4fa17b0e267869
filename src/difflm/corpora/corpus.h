// Corpus readers: files -> documents. A family; see corpora() in corpus.cpp for the list.
//
// Documents are given to a sink one after another, so that a corpus needs no more memory than its file.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "difflm/core/family.h"
#include "difflm/corpora/reading_log.h"
#include "difflm/corpora/source_file.h"
#include "difflm/text/document.h"

namespace difflm {

using DocumentSink = std::function<void(Document&&)>;

// What a reader found out by itself about a file: options that were left open, and why they are as they are.
struct FoundOptions {
  std::vector<std::pair<std::string, std::string>> settings;  // "data.csv.separator", "tab"
  std::vector<std::string> reasons;                           // one for each
};

class Corpus {
 public:
  virtual ~Corpus() = default;

  // Gives the documents of `text`, the cleaned content of the file `path` (used in messages only; the builtin corpus ignores both),
  // to `sink`. What is broken, mended or left out goes to `log`. A reader that finds its options by itself keeps to the columns of
  // the file before, where there was one. Returns what it found.
  virtual FoundOptions read(const std::string& path, std::string text, const DocumentSink& sink, ReadingLog& log) = 0;

  // The options that `read` would find for this text; none where a reader has nothing to find.
  virtual FoundOptions find_options(const std::string&, std::string_view) const { return {}; }

  virtual bool reads_files() const { return true; }

  // All documents of one text. Throws a usage error "path:line: what, expected" where something cannot be read.
  std::vector<Document> parse(const std::string& path, const std::string& text);
};

using CorpusFamily = Family<Corpus>;
const CorpusFamily& corpora();  // data.corpus

// What was read, and what had to be repaired or dropped.
struct CorpusReport {
  size_t files = 0;
  size_t bytes = 0;                      // of text, unpacked
  size_t invalid_bytes = 0;              // replaced by U+FFFD
  size_t empty_documents = 0;            // dropped
  std::string kind = {};                 // the corpus variant used
  std::vector<std::string> notes = {};   // what was chosen, mended and left out, a sentence each
  std::vector<SourceFile> sources = {};  // the files as they were
  bool operator==(const CorpusReport&) const = default;
};

// Reads `patterns` (corpus_files.h) with the corpus variant `kind`; kind "auto" goes by content, then by ending (detect.h); no
// pattern at all means builtin. data.broken says what happens to records that cannot be read. Decoding: clean_text. Empty documents
// are dropped (counted). Throws a usage error when nothing is left. An exception of `sink` ends the reading.
CorpusReport read_corpus(const std::vector<std::string>& patterns, const std::string& kind, const Config& config,
                         const DocumentSink& sink);

std::vector<Document> read_corpus(const std::vector<std::string>& patterns, const std::string& kind, const Config& config,
                                  CorpusReport* report = nullptr);

}  // namespace difflm
