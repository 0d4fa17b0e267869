// Safetensors files: what is written is read back and is, byte for byte, what the format asks for; rows are read without the whole.
#include "difflm/nn/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <functional>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/nn/safetensors_checkpoint.h"

namespace difflm {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Safetensors : public testing::Test {
 protected:
  Safetensors() {
    folder_ = fs::path(testing::TempDir()) / ("difflm_safetensors_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  ~Safetensors() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
};

std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::usage);
    return error.what();
  }
  return "no error";
}

// Equal type, shape and bits.
void expect_same(const Tensor& a, const Tensor& b) {
  ASSERT_EQ(a.scalar_type(), b.scalar_type());
  ASSERT_EQ(a.sizes(), b.sizes());
  const Tensor left = a.contiguous();
  const Tensor right = b.contiguous();
  EXPECT_TRUE(left.nbytes() == 0 || std::memcmp(left.data_ptr(), right.data_ptr(), left.nbytes()) == 0);
}

TEST_F(Safetensors, GoldenBytes) {
  // Worked out by hand from the format: names sorted in the header, larger elements first in the data, spaces up to 8 bytes.
  write_safetensors(path("golden"), {{"a", torch::tensor({1, 255}, torch::kUInt8)}, {"b", torch::tensor({{1.5F, -2.0F}})}},
                    {{"format", "pt"}});
  const std::string header = R"({"__metadata__":{"format":"pt"},"a":{"dtype":"U8","shape":[2],"data_offsets":[8,10]},)"
                             R"("b":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  ASSERT_EQ(header.size(), 140U);
  const std::string expected = std::string("\x90\0\0\0\0\0\0\0", 8) + header + std::string(4, ' ') +
                               std::string("\x00\x00\xc0\x3f\x00\x00\x00\xc0\x01\xff", 10);
  EXPECT_EQ(read_text_file(path("golden")), expected);
}

TEST_F(Safetensors, ReadsAFileOfTheReferenceWriter) {
  // The layout that the Python package writes: no metadata, data by dtype, header padded to 8 bytes.
  const std::string header = R"({"w":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]}})";
  ASSERT_EQ(header.size(), 57U);
  write_text(path("x"), std::string("\x40\0\0\0\0\0\0\0", 8) + header + std::string(7, ' ') + std::string("\x80\x3f\x00\xc0", 4));
  const auto content = read_safetensors(path("x"));
  expect_same(content.tensors.at("w"), torch::tensor({1.0, -2.0}).to(torch::kBFloat16).reshape({2, 1}));
  EXPECT_TRUE(content.metadata.empty());
}

TEST_F(Safetensors, RoundTripOfEveryType) {
  NamedTensors tensors;
  for (const auto type : {torch::kFloat64, torch::kFloat32, torch::kFloat16, torch::kBFloat16, torch::kInt64, torch::kInt32,
                          torch::kInt16, torch::kInt8, torch::kUInt8, torch::kBool}) {
    tensors[std::string("odd.") + torch::toString(type)] = torch::arange(-4, 5).reshape({3, 3}).to(type);
    tensors[std::string("scalar.") + torch::toString(type)] = torch::tensor(1).to(type);
    tensors[std::string("empty.") + torch::toString(type)] = torch::empty({0, 7}, type);
  }
  tensors["transposed"] = torch::arange(6.0).reshape({2, 3}).t();
  tensors["gradient"] = torch::ones({2}, torch::requires_grad());
  tensors["nan and inf"] = torch::tensor({std::nanf(""), HUGE_VALF});
  tensors["naïve \"quoted\" \n name"] = torch::ones({1});
  const std::map<std::string, std::string> metadata = {{"step", "12"}, {"naïve", "\"é\"\n"}};
  write_safetensors(path("all"), tensors, metadata);

  const auto content = read_safetensors(path("all"));
  EXPECT_EQ(content.metadata, metadata);
  ASSERT_EQ(content.tensors.size(), tensors.size());
  for (const auto& [name, tensor] : tensors) {
    SCOPED_TRACE(name);
    expect_same(content.tensors.at(name), tensor.detach());
  }
  EXPECT_FALSE(content.tensors.at("gradient").requires_grad());

  // Every tensor lies at a multiple of its element size.
  const SafetensorsFile file(path("all"));
  for (const auto& [name, entry] : file.tensors()) EXPECT_EQ(entry.begin % torch::elementSize(entry.dtype), 0U) << name;
}

TEST_F(Safetensors, SameTensorsSameBytes) {
  const NamedTensors tensors = {{"x", torch::arange(5)}, {"y", torch::arange(3).to(torch::kHalf)}};
  write_safetensors(path("1"), tensors);
  write_safetensors(path("2"), tensors);
  EXPECT_EQ(read_text_file(path("1")), read_text_file(path("2")));
}

TEST_F(Safetensors, NoTensorsAtAll) {
  write_safetensors(path("none"), {});
  EXPECT_TRUE(read_safetensors(path("none")).tensors.empty());
}

TEST_F(Safetensors, BoolsAreNormalised) {
  write_text(path("bools"), std::string("\x38\0\0\0\0\0\0\0", 8) + R"({"b":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}} )" +
                                std::string("\x00\x02\xff", 3));
  expect_same(read_safetensors(path("bools")).tensors.at("b"), torch::tensor({false, true, true}));
}

TEST_F(Safetensors, WhatCannotBeWritten) {
  EXPECT_THAT(error_of([&] {
                write_safetensors(path("x"), {{"c", torch::zeros({1}, torch::kComplexFloat)}});
              }),
              HasSubstr("'c' of type ComplexFloat"));
  EXPECT_THAT(error_of([&] { write_safetensors(path("x"), {{"u", Tensor()}}); }), HasSubstr("'u' is undefined"));
  EXPECT_THAT(error_of([&] { write_safetensors(path("x"), {{"s", torch::zeros({2, 2}).to_sparse()}}); }), HasSubstr("'s'"));
  EXPECT_THAT(error_of([&] { write_safetensors(path("x"), {{"__metadata__", torch::zeros({1})}}); }), HasSubstr("__metadata__"));
  EXPECT_THAT(error_of([&] { write_safetensors(path("x"), {{"\xff", torch::zeros({1})}}); }), HasSubstr("UTF-8"));
  EXPECT_FALSE(fs::exists(path("x")));
}

TEST_F(Safetensors, AFullDiskLeavesTheOldFile) {
  const std::string file = path("model.safetensors");
  write_safetensors(file, {{"x", torch::arange(3)}});
  // A limit on the size of files stands in for a full disk: writes beyond it fail in the same way.
  rlimit old = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit small = {4096, old.rlim_max};
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::optional<Error> caught;
  try {
    write_safetensors(file, {{"x", torch::zeros({100'000})}});
  } catch (const Error& error) {
    caught = error;
  }
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_TRUE(caught);
  EXPECT_EQ(caught->kind(), Error::Kind::failure);
  EXPECT_THAT(caught->what(), HasSubstr(file));
  expect_same(read_safetensors(file).tensors.at("x"), torch::arange(3));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1) << "a temporary file is left";
}

TEST_F(Safetensors, AFolderThatIsNotThere) {
  try {
    write_safetensors(path("no/such/model.safetensors"), {{"x", torch::zeros({1})}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::failure);
    EXPECT_THAT(error.what(), HasSubstr("no/such/model.safetensors"));
  }
}

TEST_F(Safetensors, ReadsConvertedAndByName) {
  const Tensor half = torch::tensor({{0.5, 1.0}, {2.0, -3.0}}).to(torch::kHalf);
  write_safetensors(path("f"), {{"half", half}, {"other", torch::arange(4)}});
  const SafetensorsFile file(path("f"));
  EXPECT_EQ(file.entry("half").shape, (std::vector<int64_t>{2, 2}));
  EXPECT_EQ(file.entry("half").dtype, torch::kHalf);
  expect_same(file.read("half"), half);
  expect_same(file.read("half", torch::kFloat32), half.to(torch::kFloat32));
  EXPECT_THAT(error_of([&] { file.read("hafl"); }), testing::AllOf(HasSubstr("no tensor 'hafl'"), HasSubstr("half")));
}

TEST_F(Safetensors, ReadsRows) {
  const Tensor table = torch::arange(40).reshape({10, 4}).to(torch::kBFloat16);
  write_safetensors(
      path("f"),
      {{"before", torch::arange(3)}, {"table", table}, {"vector", torch::arange(3)}, {"flags", torch::eye(3).to(torch::kBool)}});
  const SafetensorsFile file(path("f"));
  const std::vector<int64_t> rows = {9, 0, 4, 5, 6, 4, 3};  // a run, a repeat, a step back
  expect_same(file.read_rows("table", rows), table.index_select(0, torch::tensor(rows)));
  expect_same(file.read_rows("table", rows, torch::kFloat32), table.index_select(0, torch::tensor(rows)).to(torch::kFloat32));
  expect_same(file.read_rows("flags", {2}), torch::eye(3).to(torch::kBool).slice(0, 2));
  EXPECT_EQ(file.read_rows("table", {}).sizes(), (std::vector<int64_t>{0, 4}));
  EXPECT_THAT(error_of([&] {
                file.read_rows("table", {0, 10});
              }),
              testing::AllOf(HasSubstr("'table'"), HasSubstr("[10, 4]"), HasSubstr("no row 10")));
  EXPECT_THAT(error_of([&] { file.read_rows("table", {-1}); }), HasSubstr("no row -1"));
  EXPECT_THAT(error_of([&] { file.read_rows("vector", {0}); }), HasSubstr("expected two dimensions"));
}

// A table of 4 TB that exists as a hole in a sparse file: reading it whole, or mapping its pages, could not end well.
TEST_F(Safetensors, RowsDoNotReadTheWhole) {
  const uint64_t rows = 1ULL << 30;
  std::string header = R"({"t":{"dtype":"BF16","shape":[1073741824,2048],"data_offsets":[0,4398046511104]}})";
  header.resize(88, ' ');
  write_text(path("big"), std::string("\x58\0\0\0\0\0\0\0", 8) + header);
  std::error_code error;
  fs::resize_file(path("big"), 96 + rows * 4096, error);
  if (error) GTEST_SKIP() << "the file system has no sparse file of this size: " << error.message();
  const SafetensorsFile file(path("big"));
  const Tensor read = file.read_rows("t", {static_cast<int64_t>(rows) - 1, 0});
  EXPECT_EQ(read.sizes(), (std::vector<int64_t>{2, 2048}));
  EXPECT_TRUE(read.eq(0).all().item<bool>());
}

TEST_F(Safetensors, ShardedCheckpoint) {
  const Tensor a = torch::arange(6.0).reshape({3, 2});
  const Tensor b = torch::arange(4);
  write_safetensors(path("model-1.safetensors"), {{"a", a}, {"not in the index", a}});
  write_safetensors(path("model-2.safetensors"), {{"b", b}});
  write_text(path("model.safetensors.index.json"),
             R"({"metadata":{"total_size":80},"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}})");
  for (const auto& opened : {folder_.string(), path("model.safetensors.index.json")}) {
    const SafetensorsCheckpoint checkpoint(opened);
    EXPECT_THAT(checkpoint.names(), ElementsAre("a", "b"));
    expect_same(checkpoint.read("a"), a);
    expect_same(checkpoint.read("b", torch::kFloat32), b.to(torch::kFloat32));
    expect_same(checkpoint.read_rows("a", {2, 1}), a.slice(0, 1).flip(0));
    EXPECT_EQ(checkpoint.entry("b").dtype, torch::kInt64);
    EXPECT_THAT(error_of([&] { checkpoint.read("c"); }), HasSubstr("no tensor 'c'"));
  }
}

TEST_F(Safetensors, FolderOrFileAsCheckpoint) {
  EXPECT_THAT(error_of([&] { SafetensorsCheckpoint{folder_.string()}; }), HasSubstr("no safetensors file"));
  write_safetensors(path("any.safetensors"), {{"x", torch::arange(2)}});
  EXPECT_THAT(SafetensorsCheckpoint(folder_.string()).names(), ElementsAre("x"));
  write_safetensors(path("more.safetensors"), {{"y", torch::arange(2)}});
  EXPECT_THAT(error_of([&] { SafetensorsCheckpoint{folder_.string()}; }), HasSubstr("any.safetensors, more.safetensors"));
  write_safetensors(path("model.safetensors"), {{"z", torch::arange(2)}});
  EXPECT_THAT(SafetensorsCheckpoint(folder_.string()).names(), ElementsAre("z"));
  EXPECT_THAT(SafetensorsCheckpoint(path("more.safetensors")).names(), ElementsAre("y"));
  EXPECT_THAT(error_of([&] { SafetensorsCheckpoint{path("absent")}; }), HasSubstr("no such file or folder"));
}

TEST_F(Safetensors, BadIndex) {
  write_safetensors(path("one.safetensors"), {{"x", torch::arange(2)}});
  const auto error_with = [&](const std::string& index) {
    write_text(path("i.json"), index);
    const auto error = error_of([&] { SafetensorsCheckpoint{path("i.json")}; });
    EXPECT_THAT(error, HasSubstr(path("")));
    return error;
  };
  EXPECT_THAT(error_with(R"({"weight_map":{"x":"two.safetensors"}})"),
              testing::AllOf(HasSubstr("'x'"), HasSubstr("'two.safetensors', which is missing")));
  EXPECT_THAT(error_with(R"({"weight_map":{"y":"one.safetensors"}})"),
              HasSubstr("tensor 'y' should be in the file 'one.safetensors', but is not"));
  EXPECT_THAT(error_with(R"({"weight_map":{"x":"../one.safetensors"}})"), HasSubstr("in the folder of the index"));
  EXPECT_THAT(error_with(R"({"weight_map":{"x":"a/../../one.safetensors"}})"), HasSubstr("in the folder of the index"));
  EXPECT_THAT(error_with(R"({"weight_map":{"x":")" + path("one.safetensors") + "\"}}"), HasSubstr("in the folder of the index"));
  EXPECT_THAT(error_with(R"({"weight_map":{"x":""}})"), HasSubstr("in the folder of the index"));
  EXPECT_THAT(error_with(R"({"weight_map":{"x":")" + std::string(5000, 'x') + "\"}}"), HasSubstr("which is missing"));
  EXPECT_THAT(error_with(R"({"weight_map":{"x":"i.json"}})"), HasSubstr("safetensors"));
  EXPECT_THAT(error_with(R"({"weight_map":{"x":3}})"), HasSubstr("'x' is not a text"));
  EXPECT_THAT(error_with(R"({"weight_map":[]})"), HasSubstr("no weight_map"));
  EXPECT_THAT(error_with(R"({})"), HasSubstr("no weight_map"));
  EXPECT_THAT(error_with("[]"), HasSubstr("no weight_map"));
  EXPECT_THAT(error_with(""), HasSubstr("not JSON"));
  EXPECT_THAT(error_with(R"({"weight_map":{"x":"one.safetensors","x":"one.safetensors"}})"), HasSubstr("'x' is there twice"));
}

}  // namespace
}  // namespace difflm
