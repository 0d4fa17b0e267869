// metrics.jsonl: one JSON object per line, {"step": 10, "train/loss": 3.2, ...}. On resume, lines after the checkpoint are dropped.
#pragma once

#include <filesystem>

#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/training/tracker.h"

namespace difflm {

class JsonlTracker : public Tracker {
 public:
  using Options = NoOptions;
  JsonlTracker(const Options&, const TrackerPlace& place) : path_(place.folder + "/metrics.jsonl") {
    std::string kept;
    if (std::filesystem::exists(path_)) {
      const std::string text = read_text_file(path_);
      for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find('\n', at), text.size());
        const auto line = try_parse_json(std::string_view(text).substr(at, end - at));
        if (line.is_object() && line.value("step", int64_t{0}) <= place.resumed_at) kept += text.substr(at, end - at) + "\n";
        at = end + 1;
      }
    }
    replace_file_with_text(path_, kept);
  }

  void log(const TrackedStep& step) override {
    Json line;
    line["step"] = step.step;
    for (const auto& [name, value] : step.values) line[name] = value;
    write_text(path_, to_text(line) + "\n", true);
  }

 private:
  std::string path_;
};

}  // namespace difflm
