#include "difflm/training/tensorboard.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstring>
#include <filesystem>

#include "difflm/core/files.h"

namespace difflm {
namespace {

// Fields of tensorflow/core/util/event.proto and framework/{summary,tensor,tensor_shape,types}.proto.
namespace event {
constexpr int kWallTime = 1;  // double
constexpr int kStep = 2;
constexpr int kFileVersion = 3;
constexpr int kSummary = 5;
constexpr int kSessionLog = 7;
}  // namespace event
namespace value {
constexpr int kTag = 1;
constexpr int kSimpleValue = 2;  // float
constexpr int kTensor = 8;
constexpr int kMetadata = 9;
}  // namespace value
namespace tensor {
constexpr int kDtype = 1;
constexpr int kShape = 2;
constexpr int kStringValue = 8;
}  // namespace tensor

// Wire format of protocol buffers: a key (number << 3 | type), then a varint, 8 or 4 bytes, or a length and bytes.
std::string varint(uint64_t number) {
  std::string result;
  for (; number >= 0x80; number >>= 7) result += static_cast<char>(number | 0x80);
  return result + static_cast<char>(number);
}

template <class T>
std::string raw(T number) {
  std::string result(sizeof number, '\0');
  std::memcpy(result.data(), &number, sizeof number);
  return result;
}

std::string field(int number, std::integral auto integer) { return varint(number << 3) + varint(static_cast<uint64_t>(integer)); }
std::string field(int number, double real) { return varint(number << 3 | 1) + raw(real); }
std::string field(int number, std::string_view bytes) {
  return varint(number << 3 | 2) + varint(bytes.size()) + std::string(bytes);
}
std::string field(int number, float real) { return varint(number << 3 | 5) + raw(real); }

constexpr std::array<uint32_t, 256> crc_table() {
  std::array<uint32_t, 256> table = {};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78U : 0);
    table[byte] = crc;
  }
  return table;
}
constexpr auto kCrcTable = crc_table();

std::string record(std::string_view bytes) {
  const std::string length = raw(static_cast<uint64_t>(bytes.size()));
  return length + raw(masked_crc32c(length)) + std::string(bytes) + raw(masked_crc32c(bytes));
}

double seconds_now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string host_name() {
  std::array<char, 256> name = {};
  const bool known = ::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0';
  return known ? name.data() : "localhost";
}

// A name that is not in use: two starts within a second, as of a run that is resumed at once, must not share a file.
std::string new_path(const std::string& folder) {
  const auto first = fmt::format("{}/events.out.tfevents.{:010}.{}", folder, static_cast<int64_t>(seconds_now()), host_name());
  auto path = first;
  for (int i = 1; std::filesystem::exists(path); ++i) path = fmt::format("{}.{:03}", first, i);
  return path;
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  uint32_t crc = 0xffffffffU;
  for (const char c : bytes) crc = (crc >> 8) ^ kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return crc ^ 0xffffffffU;
}

uint32_t masked_crc32c(std::string_view bytes) {
  const uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

std::string verbatim_markdown(std::string_view text) {
  std::string result;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    result.append(result.empty() ? "    " : "\n    ").append(text.substr(at, end - at));
    at = end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
  }
  return result;
}

TensorboardWriter::TensorboardWriter(const std::string& folder, std::optional<int64_t> resumed_at) {
  make_folder(folder);
  path_ = new_path(folder);
  write_event(field(event::kFileVersion, "brain.Event:2"), std::nullopt);
  if (resumed_at) {
    constexpr int kStatus = 1;
    constexpr int kSessionStart = 1;
    write_event(field(event::kSessionLog, field(kStatus, kSessionStart)), *resumed_at);
  }
}

void TensorboardWriter::scalar(const std::string& tag, double value, int64_t step) { scalars({{tag, value}}, step); }

void TensorboardWriter::scalars(const std::map<std::string, double>& values, int64_t step) {
  std::string summary;
  for (const auto& [tag, number] : values) {
    const std::string one = field(value::kTag, tag) + field(value::kSimpleValue, static_cast<float>(number));
    summary += field(1, one);
  }
  write_event(field(event::kSummary, summary), step);
}

// A vector of strings, marked for the text plugin; what the add_text of TensorBoard's own writer produces.
void TensorboardWriter::texts(const std::string& tag, const std::vector<std::string>& texts, int64_t step) {
  constexpr int kDtString = 7;
  const std::string dimension = field(1, texts.size());
  const std::string shape = field(2, dimension);
  std::string content = field(tensor::kDtype, kDtString) + field(tensor::kShape, shape);
  for (const auto& text : texts) content += field(tensor::kStringValue, verbatim_markdown(text));
  const std::string plugin = field(1, "text");
  const std::string metadata = field(1, plugin);
  const std::string one = field(value::kTag, tag) + field(value::kTensor, content) + field(value::kMetadata, metadata);
  write_event(field(event::kSummary, field(1, one)), step);
}

void TensorboardWriter::write_event(std::string_view event_fields, std::optional<int64_t> step) {
  std::string bytes = field(event::kWallTime, seconds_now());
  if (step) bytes += field(event::kStep, *step);
  write_text(path_, record(bytes.append(event_fields)), true);
}

}  // namespace difflm
