// TensorBoard event files: `tensorboard --logdir RUN` shows the curves and the samples of a run.
//
// An event file is a sequence of TFRecords (u64 length, masked CRC-32C of it, bytes, masked CRC-32C of them), each an `Event`
// protocol buffer. Two messages with a handful of fields are written by hand rather than through protobuf, see tensorboard.cpp.
// A resumed run opens another file in the same folder, as TensorBoard's own writer does; it reads them in the order of their names.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace difflm {

class TensorboardWriter {
 public:
  // Makes a new file `folder/events.out.tfevents.<seconds since 1970>.<host>` (and the folder). With `resumed_at`, TensorBoard
  // drops what earlier files hold for this step and later ones. Throws a failure when it cannot write, as all calls below do.
  explicit TensorboardWriter(const std::string& folder, std::optional<int64_t> resumed_at = std::nullopt);

  // One point of the curve `tag`; "train/loss" shows in the group "train". Every call is in the file when it returns.
  void scalar(const std::string& tag, double value, int64_t step);

  // Several points of one step in one event.
  void scalars(const std::map<std::string, double>& values, int64_t step);

  // Texts of one step, which TensorBoard shows as rows of a table. It reads them as Markdown; they are written so that they appear
  // as they are, line breaks, markup and all.
  void texts(const std::string& tag, const std::vector<std::string>& texts, int64_t step);

  const std::string& path() const { return path_; }

 private:
  void write_event(std::string_view event_fields, std::optional<int64_t> step);

  std::string path_;
};

// `text` as Markdown that shows it verbatim: a code block, each line indented by four spaces, in which nothing is markup. A fence
// or backticks would end where the text holds the same.
std::string verbatim_markdown(std::string_view text);

// CRC-32C (Castagnoli, RFC 3720), and TFRecord's masked form of it.
uint32_t crc32c(std::string_view bytes);
uint32_t masked_crc32c(std::string_view bytes);

}  // namespace difflm
