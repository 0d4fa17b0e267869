// What a tagger (tagger.h) is made from: how often each word has each tag, and which tags follow each other.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "difflm/text/document.h"

namespace difflm {

// A tag is its index; `tags.size()` precedes a text's first word, twice, and follows its last.
struct TagCounts {
  std::vector<std::string> tags;                          // sorted
  std::map<std::string, std::map<size_t, double>> words;  // how often each word has each tag
  std::map<std::array<size_t, 3>, double> trigrams;

  // As JSON; `load` throws a failure that names `path` where it is damaged.
  void save(const std::string& path) const;
  static TagCounts load(const std::string& path);
};

// Of the documents that have tags. Throws a usage error that names `source` where there are none, or not one per word.
TagCounts count_tags(const std::vector<Document>& documents, const std::string& source);

}  // namespace difflm
