// Plain texts in several files are divided into texts in the same way, decided from all of them: a look at each by itself would
// read a few by lines and the others by paragraphs.
#pragma once

#include <string>
#include <vector>

#include "difflm/core/config.h"
#include "difflm/corpora/reading_log.h"

namespace difflm {

// `config` with data.txt.mode and data.txt.delimiter set for all `files`, where there are several and the options leave it open.
// Many short files of different lengths (poems, reviews, letters) are a text each.
Config with_common_layout(const std::vector<std::string>& files, const Config& config, ReadingLog& log);

}  // namespace difflm
