// The texts that an evaluation has sampled so far, in a file that outlives it: an evaluation that was stopped or killed finds them
// again, and what is written once is not written twice.
//
// A text depends on the run, the settings and the seed, not on how many are made: so these are the key. One JSON line per finished
// batch, appended; a line that was cut off is dropped.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/model/run_folder.h"

namespace difflm {

class KeptSamples {
 public:
  // In the first of `caches` that can be written; nowhere, which is no error, where none can or another process is at it.
  KeptSamples(const Run& run, uint64_t seed, const std::vector<std::string>& caches);

  const std::map<int64_t, std::string>& texts() const { return texts_; }  // by their index
  double seconds() const { return seconds_; }                             // that they took
  int64_t evaluations() const { return evaluations_; }                    // of the network
  const Json& confidence() const { return confidence_; }                  // ConfidenceCurve, null: none
  std::string folder() const { return lock_ ? folder_ : ""; }             // where they are; empty: nowhere

  struct Batch {
    std::map<int64_t, std::string> texts;
    double seconds = 0;
    int64_t evaluations = 0;
    Json confidence;
  };
  void add(Batch batch);

  // To be called once nothing can go wrong any more.
  void remove();

 private:
  void take(Batch batch);
  void read();

  std::string folder_;
  std::optional<FolderLock> lock_;
  std::map<int64_t, std::string> texts_;
  double seconds_ = 0;
  int64_t evaluations_ = 0;
  Json confidence_;
};

}  // namespace difflm
