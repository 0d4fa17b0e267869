// A checkpoint of another program: one safetensors file, or many with an index that says which tensor is in which.
//
// The index is the JSON of Hugging Face: {"weight_map": {tensor name: file name beside the index}}. Opening reads the headers of
// all files and checks that every tensor of the index is where it says, so that nothing is missing later.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "difflm/nn/safetensors.h"

namespace difflm {

class SafetensorsCheckpoint {
 public:
  // `path` is a .safetensors file, an index (.json), or a folder with model.safetensors.index.json, model.safetensors or exactly
  // one other .safetensors file. Throws a usage error that names the index, the file and the tensor.
  explicit SafetensorsCheckpoint(const std::string& path);

  const std::string& path() const { return path_; }
  std::vector<std::string> names() const;  // sorted
  const SafetensorsEntry& entry(const std::string& name) const { return file_of(name).entry(name); }

  // As those of SafetensorsFile.
  Tensor read(const std::string& name, std::optional<torch::Dtype> as = std::nullopt) const { return file_of(name).read(name, as); }
  Tensor read_rows(const std::string& name, const std::vector<int64_t>& rows, std::optional<torch::Dtype> as = std::nullopt) const {
    return file_of(name).read_rows(name, rows, as);
  }

 private:
  void open_single(const std::string& path);
  void open_index(const std::string& path);
  const SafetensorsFile& file_of(const std::string& name) const;

  std::string path_;
  std::map<std::string, SafetensorsFile> files_;   // by name in the index
  std::map<std::string, std::string> file_names_;  // tensor -> file
};

}  // namespace difflm
