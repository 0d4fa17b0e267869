// The facts of a prepared corpus, as data.json holds them: what was read, what was repaired, how large each side is, and which
// labels the texts have. docs/formats.md describes the file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "difflm/core/json_fwd.h"
#include "difflm/corpora/corpus.h"
#include "difflm/text/label.h"

namespace difflm {

struct SideFacts {
  size_t documents = 0;
  size_t tokens = 0;
  size_t unknown_tokens = 0;
  std::map<int64_t, int64_t> lengths;  // tokens -> documents of that length
  bool operator==(const SideFacts&) const = default;
};

struct CorpusFacts {
  struct Annotated {
    std::string by;    // a parser or a tagger: data/annotation.h
    size_t texts = 0;  // that now have a tree or tags
    bool operator==(const Annotated&) const = default;
  };

  std::string hash;     // of all texts, in order
  CorpusReport source;  // how they were read
  size_t duplicates = 0;
  size_t duplicates_kept_apart = 0;  // copies of a validation text, kept out of training
  int64_t vocabulary = 0;            // ids, the special tokens included
  SideFacts training;
  SideFacts validation;
  std::vector<Label> labels;  // those of at least ten training texts, in order; none in files of older versions
  std::optional<Annotated> annotated;
  bool operator==(const CorpusFacts&) const = default;
};

Json to_json(const CorpusFacts& facts);

// Throws a failure when the file is damaged. What only older or newer versions write is ignored.
CorpusFacts read_corpus_facts(const std::string& path);
void write_corpus_facts(const std::string& path, const CorpusFacts& facts);

}  // namespace difflm
