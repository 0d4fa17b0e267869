// The steps of a text that is watched, as events: what became of each word since the step before.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "difflm/core/json_fwd.h"
#include "difflm/difflm.h"
#include "difflm/serve/text_job.h"

namespace difflm {

class StepEvents {
 public:
  explicit StepEvents(TextJob& job) : job_(job), wishes_(job.request().wishes) {}

  // After a step; takes up other wishes that were asked for meanwhile.
  void add(const Snapshot& moment);

  // The finished texts.
  void add_end();

 private:
  void take_wishes(const Snapshot& moment);

  TextJob& job_;
  std::vector<Wish> wishes_;                            // that steer now
  std::map<int64_t, std::vector<std::string>> before_;  // the words of each text one step ago
};

// A finished text with its words and the outcome of each wish.
Json finished_text(const Text& text, const std::vector<Wish>& wishes);

}  // namespace difflm
