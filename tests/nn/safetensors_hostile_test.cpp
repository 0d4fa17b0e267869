// Damaged, foreign and hostile safetensors files: each gives one clear usage error, and none a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/random.h"
#include "difflm/nn/safetensors.h"

namespace difflm {
namespace {

namespace fs = std::filesystem;

std::string length_bytes(uint64_t length) { return {reinterpret_cast<const char*>(&length), sizeof length}; }

std::string with_header(const std::string& header, size_t data_bytes) {
  return length_bytes(header.size()) + header + std::string(data_bytes, '\x01');
}

// One F32 tensor "w" with the given shape and offsets.
std::string with_tensor(const std::string& shape, const std::string& offsets, size_t data_bytes) {
  return with_header(R"({"w":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}", data_bytes);
}

std::string two_tensors(const std::string& first, const std::string& second, size_t data_bytes) {
  return with_header(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + first +
                         R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}",
                     data_bytes);
}

// "[1,1,...]"
std::string ones(int count) {
  std::string result;
  for (int i = 0; i < count; ++i) result += i == 0 ? "[1" : ",1";
  return result + "]";
}

struct Case {
  std::string name;
  std::string bytes;
  std::vector<std::string> said;  // parts of the message
};

// Printed instead of the bytes when a case fails.
void PrintTo(const Case& hostile, std::ostream* out) { *out << hostile.name; }

class HostileSafetensors : public testing::TestWithParam<Case> {};

TEST_P(HostileSafetensors, IsAUsageErrorThatSaysWhy) {
  const auto path =
      (fs::path(testing::TempDir()) / ("difflm_hostile_" + GetParam().name + "_" + std::to_string(::getpid()))).string();
  write_text(path, GetParam().bytes);
  try {
    read_safetensors(path);
    ADD_FAILURE() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::usage);
    EXPECT_THAT(error.what(), testing::StartsWith(path));
    for (const auto& part : GetParam().said) EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
  fs::remove(path);
}

const std::string kHuge = "4611686018427387904";  // 2^62

std::vector<Case> hostile_files() {
  return {
      // The frame.
      {"empty", "", {"has 0 bytes"}},
      {"short", "\x02\x01", {"has 2 bytes"}},
      {"header_of_0", length_bytes(0) + "{}", {"header has 0 bytes"}},
      {"header_beyond_file", length_bytes(100) + "{}", {"header has 100 bytes", "expected 2 to 2", "the file has 10"}},
      {"header_of_2_63", length_bytes(1ULL << 63) + "{}", {"header has 9223372036854775808 bytes"}},
      {"header_of_2_64", length_bytes(~0ULL) + "{}", {"header has 18446744073709551615 bytes"}},
      {"zip", std::string("PK\x03\x04\x14\x00\x00\x08", 8) + std::string(100, 'z'), {"zip archive", "convert"}},
      {"gguf", "GGUF" + std::string(100, '\0'), {"header has"}},
      // The JSON.
      {"garbage", with_header("garbage!", 0), {"not JSON at byte 1"}},
      {"cut_json", with_header(R"({"w":{"dtype":"F32")", 0), {"not JSON"}},
      {"array", with_header("[1]", 0), {"not a JSON object"}},
      {"null", with_header("null", 0), {"not a JSON object"}},
      {"deep", with_header(std::string(100'000, '['), 0), {"nested deeper"}},
      {"bad_utf8", with_header("{\"\xff\xfe\":1}", 0), {"not JSON"}},
      {"huge_number", with_header(R"({"w":1e999})", 0), {"number out of range"}},
      {"two_names",
       with_header(R"({"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
                   1),
       {"'w' is there twice"}},
      {"two_fields",
       with_header(R"({"w":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1),
       {"'dtype' is there twice"}},
      {"control_characters", with_header(R"({"a\u001b[2Jb":3})", 0), {"'a?[2Jb'"}},
      {"long_name", with_header("{\"" + std::string(1000, 'n') + "\":3}", 0), {std::string(100, 'n') + "...'"}},
      {"metadata_number", with_header(R"({"__metadata__":{"step":3}})", 0), {"__metadata__ 'step'"}},
      {"metadata_array", with_header(R"({"__metadata__":[]})", 0), {"__metadata__"}},
      // One tensor.
      {"not_an_object", with_header(R"({"w":3})", 0), {"'w' is not a JSON object"}},
      {"no_dtype", with_header(R"({"w":{"shape":[1],"data_offsets":[0,4]}})", 4), {"'w' has no dtype"}},
      {"no_shape", with_header(R"({"w":{"dtype":"F32","data_offsets":[0,4]}})", 4), {"'w' has no shape"}},
      {"no_offsets", with_header(R"({"w":{"dtype":"F32","shape":[1]}})", 4), {"'w' has no data_offsets"}},
      {"unknown_dtype",
       with_header(R"({"w":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}})", 4),
       {"'w'", "'F8_E4M3'", "BF16"}},
      {"dtype_number", with_header(R"({"w":{"dtype":3,"shape":[4],"data_offsets":[0,4]}})", 4), {"'w' has a dtype"}},
      {"shape_text", with_tensor("\"1\"", "[0,4]", 4), {"'w' has a shape that is not an array"}},
      {"shape_negative", with_tensor("[-1]", "[0,4]", 4), {"'w'", "size -1"}},
      {"shape_two_negatives", with_tensor("[-1,-1]", "[0,4]", 4), {"size -1"}},
      {"shape_fraction", with_tensor("[1.0]", "[0,4]", 4), {"size 1.0"}},
      {"shape_of_texts", with_tensor("[\"1\"]", "[0,4]", 4), {"not a number"}},
      {"shape_2_63", with_tensor("[9223372036854775808]", "[0,4]", 4), {"size 9223372036854775808"}},
      {"shape_2_64", with_tensor("[18446744073709551617]", "[0,4]", 4), {"'w' has the size"}},
      {"bytes_overflow", with_tensor("[" + kHuge + "]", "[0,0]", 0), {"'w'", kHuge, "more than 2^63 bytes"}},
      {"product_overflow", with_tensor("[" + kHuge + ",4]", "[0,0]", 0), {"more than 2^63 bytes"}},
      {"product_overflow_to_4", with_tensor("[4294967297,4294967296]", "[0,4]", 4), {"more than 2^63 bytes"}},
      {"overflow_beside_0", with_tensor("[0," + kHuge + "," + kHuge + "]", "[0,0]", 0), {"more than 2^63 bytes"}},
      {"many_dimensions", with_tensor(ones(65), "[0,4]", 4), {"65 dimensions"}},
      {"offsets_one", with_tensor("[1]", "[4]", 4), {"two numbers"}},
      {"offsets_three", with_tensor("[1]", "[0,4,4]", 4), {"two numbers"}},
      {"offset_negative", with_tensor("[1]", "[-4,0]", 4), {"data offset -4"}},
      {"offset_text", with_tensor("[1]", "[0,\"4\"]", 4), {"data offset"}},
      {"offsets_swapped", with_tensor("[1]", "[4,0]", 4), {"4 to 0"}},
      {"too_short", with_tensor("[2]", "[0,4]", 4), {"'w' of shape [2] and dtype F32 needs 8 bytes", "0 to 4"}},
      {"too_long", with_tensor("[1]", "[0,8]", 8), {"needs 4 bytes"}},
      // Their layout.
      {"truncated", with_tensor("[2]", "[0,8]", 5), {"'w' ends at byte 8", "holds only 5", "cut off"}},
      {"offsets_2_63",
       with_tensor("[1]", "[9223372036854775808,9223372036854775812]", 4),
       {"'w' ends at byte 9223372036854775812"}},
      {"overlap", two_tensors("[0,4]", "[2,6]", 6), {"'b' begins at byte 2", "expected 4", "overlap"}},
      {"same_place", two_tensors("[0,4]", "[0,4]", 4), {"overlap"}},
      {"hole", two_tensors("[0,4]", "[5,9]", 9), {"'b' begins at byte 5", "hole"}},
      {"hole_first", with_tensor("[1]", "[4,8]", 8), {"'w' begins at byte 4 of the data, expected 0", "hole"}},
      {"hole_last", with_tensor("[1]", "[0,4]", 7), {"end at byte 4", "holds 7"}},
      {"nothing_but_data", with_header("{}", 3), {"end at byte 0", "holds 3"}},
  };
}

INSTANTIATE_TEST_SUITE_P(Files, HostileSafetensors, testing::ValuesIn(hostile_files()),
                         [](const auto& hostile) { return hostile.param.name; });

TEST(HostileSafetensorsFile, HeaderOver100Megabytes) {
  const auto path = (fs::path(testing::TempDir()) / ("difflm_hostile_long_" + std::to_string(::getpid()))).string();
  write_text(path, length_bytes(kMaxSafetensorsHeader + 1) + "{}");
  fs::resize_file(path, kMaxSafetensorsHeader + 100);  // sparse
  try {
    SafetensorsFile{path};
    ADD_FAILURE() << "was read";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("header has 100000001 bytes, expected 2 to 100000000"));
  }
  fs::remove(path);
}

TEST(HostileSafetensorsFile, MissingFileAndFolder) {
  EXPECT_THROW(SafetensorsFile{"/no/such/file.safetensors"}, Error);
  EXPECT_THROW(SafetensorsFile{testing::TempDir()}, Error);
  EXPECT_THROW(SafetensorsFile{std::string(10'000, 'x')}, Error);
}

// Changes a few bytes of a valid file, or cuts it, some thousand times. Any outcome but success and Error fails the test.
TEST(HostileSafetensorsFile, Fuzz) {
  const auto path = (fs::path(testing::TempDir()) / ("difflm_fuzz_" + std::to_string(::getpid()))).string();
  write_safetensors(path,
                    {{"table", torch::arange(12).reshape({4, 3}).to(torch::kBFloat16)},
                     {"b", torch::ones({2}, torch::kBool)},
                     {"s", torch::ones({})}},
                    {{"format", "pt"}});
  const std::string valid = read_text_file(path);
  const std::string digits = "0123456789-.e{}[]\",:FBU";  // bytes that more often leave the JSON valid
  RandomStream random(7, "fuzz");
  int read = 0;
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = valid;
    for (uint64_t changes = random.below(4) + 1; changes > 0; --changes) {
      const size_t at = random.below(bytes.size());
      bytes[at] = random.below(2) == 0 ? static_cast<char>(random.below(256)) : digits[random.below(digits.size())];
    }
    if (random.below(8) == 0) bytes.resize(random.below(bytes.size()));
    if (random.below(8) == 0) bytes.append(random.below(20), '\0');
    fs::remove(path);  // some file systems sync a file that is cut and written again, which takes milliseconds
    write_text(path, bytes);
    try {
      const SafetensorsFile file(path);
      for (const auto& [name, entry] : file.tensors()) {
        file.read(name, torch::kFloat32);
        if (entry.shape.size() == 2 && entry.shape[0] > 0) file.read_rows(name, {entry.shape[0] - 1, 0});
      }
      ++read;
    } catch (const Error&) {
      ++refused;
    }
  }
  fs::remove(path);
  EXPECT_GT(read, 100);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace difflm
