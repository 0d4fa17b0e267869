// What kind of file a text is: by its content first, by its ending second.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "difflm/core/config.h"

namespace difflm {

struct DetectedFormat {
  std::string corpus;                                         // the variant of data.corpus that reads it
  std::vector<std::pair<std::string, std::string>> settings;  // {"data.csv.separator", "tab"}, for what `config` leaves open
  std::vector<std::string> reasons;                           // why `corpus`, then one sentence for each setting
};

// The format of `text`, the cleaned content of the file `path` (corpus_files.h reads it). What `config` sets, data.corpus or an
// option of the reader, is kept. Throws a usage error where it can be no corpus: JSON, XML and the like that cannot be read.
DetectedFormat detect_format(const std::string& path, std::string_view text, const Config& config = Config());

// The variant alone, and why.
std::pair<std::string, std::string> detect_corpus(const std::string& path, std::string_view text);

}  // namespace difflm
