// metrics.jsonl: one JSON object per line, {"step": 10, "train/loss": 3.2, ...}; and samples.jsonl with the texts written on
// the way, {"step": 1000, "texts": [...]}. Both only grow, so others can read them during training; on resume a new file, without
// the lines after the checkpoint, takes the old one's place.
#pragma once

#include <filesystem>

#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/training/tracker.h"

namespace difflm {

class JsonlTracker : public Tracker {
 public:
  using Options = NoOptions;
  JsonlTracker(const Options&, const TrackerPlace& place)
      : metrics_(place.folder + "/metrics.jsonl"), samples_(place.folder + "/samples.jsonl") {
    replace_file_with_text(metrics_, lines_until(place.resumed_at, metrics_));
    if (std::filesystem::exists(samples_)) replace_file_with_text(samples_, lines_until(place.resumed_at, samples_));
  }

  void log(const TrackedStep& step) override {
    Json line;
    line["step"] = step.step;
    for (const auto& [name, value] : step.values) line[name] = value;
    write_text(metrics_, to_text(line) + "\n", true);
  }

  void texts(const std::string& /*tag*/, const std::vector<std::string>& texts, int64_t step) override {
    write_text(samples_, to_text_replacing({{"step", step}, {"texts", texts}}) + "\n", true);
  }

 private:
  static std::string lines_until(int64_t last_step, const std::string& path) {
    std::string kept;
    if (!std::filesystem::exists(path)) return kept;
    const std::string text = read_text_file(path);
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      const auto line = try_parse_json(std::string_view(text).substr(at, end - at));
      if (line.is_object() && line.value("step", int64_t{0}) <= last_step) kept += text.substr(at, end - at) + "\n";
      at = end + 1;
    }
    return kept;
  }

  std::string metrics_;
  std::string samples_;
};

}  // namespace difflm
