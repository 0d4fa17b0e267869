// TensorBoard files: the bytes of the format, checked against values worked out elsewhere and by a small reader of our own.
#include "difflm/training/tensorboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <vector>

#include "difflm/core/error.h"
#include "difflm/core/files.h"

namespace difflm {
namespace {

namespace fs = std::filesystem;
using testing::SizeIs;

template <class T>
T number_at(std::string_view bytes, size_t at) {
  T result;
  EXPECT_LE(at + sizeof result, bytes.size());
  std::memcpy(&result, bytes.data() + at, sizeof result);
  return result;
}

// One field of a protocol buffer: its number and its bytes, or its varint.
struct Field {
  int number;
  int wire;
  uint64_t integer;
  std::string bytes;
};

std::vector<Field> parse_message(std::string_view bytes) {
  std::vector<Field> fields;
  size_t at = 0;
  const auto varint = [&] {
    uint64_t result = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes.at(at++));
      result |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
  };
  while (at < bytes.size()) {
    const uint64_t key = varint();
    Field field{static_cast<int>(key >> 3), static_cast<int>(key & 7), 0, ""};
    if (field.wire == 0) {
      field.integer = varint();
    } else {
      const size_t size = field.wire == 1 ? 8 : field.wire == 5 ? 4 : varint();
      EXPECT_LE(at + size, bytes.size());
      field.bytes = bytes.substr(at, size);
      at += size;
    }
    fields.push_back(field);
  }
  return fields;
}

// The only field of this number.
Field only(const std::vector<Field>& fields, int number) {
  std::vector<Field> found;
  for (const auto& field : fields) {
    if (field.number == number) found.push_back(field);
  }
  EXPECT_THAT(found, SizeIs(1)) << "field " << number;
  return found.empty() ? Field{} : found[0];
}

// The events of a file; fails on any broken frame or checksum.
std::vector<std::vector<Field>> read_events(const std::string& path) {
  const std::string bytes = read_text_file(path);
  std::vector<std::vector<Field>> events;
  for (size_t at = 0; at < bytes.size();) {
    const auto length = number_at<uint64_t>(bytes, at);
    EXPECT_EQ(number_at<uint32_t>(bytes, at + 8), masked_crc32c(bytes.substr(at, 8)));
    const auto content = bytes.substr(at + 12, length);
    EXPECT_EQ(number_at<uint32_t>(bytes, at + 12 + length), masked_crc32c(content));
    events.push_back(parse_message(content));
    at += 16 + length;
  }
  return events;
}

class Tensorboard : public testing::Test {
 protected:
  Tensorboard() : folder_(fs::path(testing::TempDir()) / ("difflm_tensorboard_" + std::to_string(::getpid()))) {}
  ~Tensorboard() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST(Crc32c, GoldenValues) {
  // RFC 3720, appendix B.4, and the check value of the CRC catalogue.
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43U);
  EXPECT_EQ(crc32c(""), 0U);
  // ((crc >> 15) | (crc << 17)) + 0xa282ead8 of 0xE3069283.
  EXPECT_EQ(masked_crc32c("123456789"), 0xC78AB0E5U);
}

TEST_F(Tensorboard, FileName) {
  const TensorboardWriter writer(folder_.string());
  const auto name = fs::path(writer.path()).filename().string();
  EXPECT_THAT(name, testing::StartsWith("events.out.tfevents."));
  const auto seconds = std::stoll(name.substr(std::strlen("events.out.tfevents.")));
  EXPECT_NEAR(static_cast<double>(seconds), static_cast<double>(std::time(nullptr)), 60);
  EXPECT_GT(name.size(), std::strlen("events.out.tfevents.1234567890."));
}

TEST_F(Tensorboard, FirstEventIsTheVersion) {
  // Byte for byte: key 1 type 1 and 8 bytes of time, key 3 type 2 and the version; 24 bytes in all.
  const TensorboardWriter writer(folder_.string());
  const std::string bytes = read_text_file(writer.path());
  ASSERT_EQ(bytes.size(), 16U + 24U);
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x18\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(number_at<uint32_t>(bytes, 8), 0x224B7FA3U) << "masked CRC of the length 24, as at the start of every event file";
  EXPECT_EQ(bytes[12], '\x09');
  EXPECT_NEAR(number_at<double>(bytes, 13), static_cast<double>(std::time(nullptr)), 60);
  EXPECT_EQ(bytes.substr(21, 15),
            "\x1a\x0d"
            "brain.Event:2");
}

TEST_F(Tensorboard, Scalars) {
  TensorboardWriter writer(folder_.string());
  writer.scalar("train/loss", 0.1, 300);
  EXPECT_THAT(read_events(writer.path()), SizeIs(2)) << "an event is in the file at once";
  writer.scalars({{"a", 1.0}, {"b", std::nan("")}}, int64_t{1} << 40);
  const auto events = read_events(writer.path());
  ASSERT_THAT(events, SizeIs(3));

  EXPECT_EQ(only(events[1], 2).integer, 300U);
  const auto loss = parse_message(only(parse_message(only(events[1], 5).bytes), 1).bytes);
  EXPECT_EQ(only(loss, 1).bytes, "train/loss");
  EXPECT_EQ(only(loss, 2).wire, 5);
  EXPECT_EQ(number_at<float>(only(loss, 2).bytes, 0), 0.1F);

  EXPECT_EQ(only(events[2], 2).integer, uint64_t{1} << 40);
  const auto values = parse_message(only(events[2], 5).bytes);
  ASSERT_THAT(values, SizeIs(2));
  EXPECT_EQ(only(parse_message(values[0].bytes), 1).bytes, "a");
  EXPECT_EQ(number_at<float>(only(parse_message(values[0].bytes), 2).bytes, 0), 1.0F);
  EXPECT_EQ(only(parse_message(values[1].bytes), 1).bytes, "b");
  EXPECT_TRUE(std::isnan(number_at<float>(only(parse_message(values[1].bytes), 2).bytes, 0)));
}

TEST_F(Tensorboard, Text) {
  TensorboardWriter writer(folder_.string());
  const std::string sample = "The Vaults is cheap .\nCafé " + std::string(500, 'x');
  writer.texts("samples", {sample, "second"}, 7);
  const auto events = read_events(writer.path());
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(only(events[1], 2).integer, 7U);
  const auto value = parse_message(only(parse_message(only(events[1], 5).bytes), 1).bytes);
  EXPECT_EQ(only(value, 1).bytes, "samples");
  const auto plugin = parse_message(only(parse_message(only(value, 9).bytes), 1).bytes);
  EXPECT_EQ(only(plugin, 1).bytes, "text");
  const auto tensor = parse_message(only(value, 8).bytes);
  EXPECT_EQ(only(tensor, 1).integer, 7U) << "DT_STRING";
  EXPECT_EQ(only(parse_message(only(parse_message(only(tensor, 2).bytes), 2).bytes), 1).integer, 2U);
  std::vector<std::string> strings;
  for (const auto& field : tensor) {
    if (field.number == 8) strings.push_back(field.bytes);
  }
  EXPECT_THAT(strings, testing::ElementsAre("    The Vaults is cheap .\n    Café " + std::string(500, 'x'), "    second"));
}

// By the rules of Markdown, a line that is indented by four spaces is code, and nothing in it is markup. Each line has to be: one
// that is not would end the block.
TEST(VerbatimMarkdown, EveryLineIsCode) {
  EXPECT_EQ(verbatim_markdown("a"), "    a");
  EXPECT_EQ(verbatim_markdown("# a\n*b* _c_\n\n<d> | `e`\n```\n- f\n"),
            "    # a\n    *b* _c_\n    \n    <d> | `e`\n    ```\n    - f\n    ");
  EXPECT_EQ(verbatim_markdown("a\r\nb\rc"), "    a\n    b\n    c");
  EXPECT_EQ(verbatim_markdown(""), "    ");
}

TEST_F(Tensorboard, ResumeWritesAnotherFile) {
  TensorboardWriter first(folder_.string());
  first.scalar("x", 1, 1);
  const std::string before = read_text_file(first.path());
  TensorboardWriter second(folder_.string(), 5);  // within the same second, as a rule
  second.scalar("x", 2, 6);
  EXPECT_LT(first.path(), second.path()) << "TensorBoard reads the files in the order of their names";
  EXPECT_EQ(read_text_file(first.path()), before);
  const auto events = read_events(second.path());
  ASSERT_THAT(events, SizeIs(3));
  EXPECT_EQ(only(events[1], 2).integer, 5U);
  EXPECT_EQ(only(parse_message(only(events[1], 7).bytes), 1).integer, 1U) << "SessionLog.START";
}

TEST_F(Tensorboard, WhereItCannotWrite) {
  write_text(folder_.string(), "a file is in the way");
  try {
    TensorboardWriter writer(folder_.string());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::failure);
  }
}

}  // namespace
}  // namespace difflm
