// What has become of the files of a corpus since it was prepared. Training reads the prepared texts and would not notice.
#pragma once

#include <string>

#include "difflm/data/prepared.h"

namespace difflm {

// "poems.txt has changed (120 bytes, now 180)", of several files the first and how many more; empty where nothing has changed.
// `options` name the files with which the corpus was prepared: one that was added to a folder or a glob counts. Where an older
// difflm did not describe the files, their size together is compared.
std::string change_of_sources(const CorpusFacts& facts, const DataOptions& options);

}  // namespace difflm
