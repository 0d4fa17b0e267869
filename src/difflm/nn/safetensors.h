// Tensors in safetensors files: written whole and atomically, read whole or by name and rows.
//
// Reading goes through pread rather than mmap, so that a file that shrinks while it is read is an error and not a signal.
// See safetensors_header.h for the format and what is checked.
#pragma once

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "difflm/nn/safetensors_header.h"

namespace difflm {

using NamedTensors = std::map<std::string, Tensor>;

// Writes f64, f32, f16, bf16, i64, i32, i16, i8, u8 or bool tensors on any device. The same tensors give the same bytes: the
// header is sorted by name, the data by descending element size and then name, which keeps every tensor aligned.
// Throws a usage error for a tensor that has no safetensors type, a failure (with the old file untouched) where it cannot write.
void write_safetensors(const std::string& path, const NamedTensors& tensors,
                       const std::map<std::string, std::string>& metadata = {});

// One open file; tensors are read when asked for. All reads give CPU tensors and throw a usage error on an unknown name.
class SafetensorsFile {
 public:
  // Reads and checks the header; throws a usage error where the file is missing, cut off, damaged or of another format.
  explicit SafetensorsFile(std::string path);

  const std::string& path() const { return path_; }
  const std::map<std::string, SafetensorsEntry>& tensors() const { return header_.tensors; }
  const std::map<std::string, std::string>& metadata() const { return header_.metadata; }
  const SafetensorsEntry& entry(const std::string& name) const;

  // The whole tensor, converted to `as` where given.
  Tensor read(const std::string& name, std::optional<torch::Dtype> as = std::nullopt) const;

  // Rows of a tensor [N, D], in the order asked for, repeats allowed: [rows.size(), D]. Reads only these rows from the file.
  Tensor read_rows(const std::string& name, const std::vector<int64_t>& rows, std::optional<torch::Dtype> as = std::nullopt) const;

 private:
  void read_bytes(uint64_t begin, uint64_t count, void* target) const;  // `begin` counts from the start of the file

  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  uint64_t data_start_ = 0;
  SafetensorsHeader header_;
};

struct SafetensorsContent {
  NamedTensors tensors;
  std::map<std::string, std::string> metadata;
};

SafetensorsContent read_safetensors(const std::string& path);

}  // namespace difflm
