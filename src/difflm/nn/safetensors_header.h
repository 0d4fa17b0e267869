// The header of a safetensors file: name, type, shape and place of each tensor, checked against the size of the file.
//
// A file is a u64 (little-endian) length of the header, the header as JSON, then the bytes of the tensors
// (github.com/huggingface/safetensors, "Format"). A header is accepted only when its tensors cover the bytes after it exactly,
// without overlap or hole, and each size equals shape x type; so a SafetensorsHeader can be relied on when reading and allocating.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "difflm/nn/torch.h"

namespace difflm {

struct SafetensorsEntry {
  torch::Dtype dtype = torch::kFloat;
  std::vector<int64_t> shape;
  uint64_t begin = 0;  // bytes after the end of the header
  uint64_t end = 0;
};

struct SafetensorsHeader {
  std::map<std::string, SafetensorsEntry> tensors;
  std::map<std::string, std::string> metadata;
};

// No real checkpoint comes near; the reference implementation has the same limit.
inline constexpr uint64_t kMaxSafetensorsHeader = 100'000'000;

// `data_bytes` is what the file holds after the header. Throws a usage error that names the path, the tensor and the numbers.
SafetensorsHeader parse_safetensors_header(const std::string& path, std::string_view json, uint64_t data_bytes);

// The header as written: metadata first, names sorted, filled with spaces so that the data begins at a multiple of 8 bytes.
std::string format_safetensors_header(const std::string& path, const SafetensorsHeader& header);

// "F32", "BF16", ...; "" for a type that safetensors or difflm does not have.
std::string safetensors_dtype_name(torch::Dtype dtype);

// "[2, 3]"
std::string shape_text(const std::vector<int64_t>& shape);

}  // namespace difflm
