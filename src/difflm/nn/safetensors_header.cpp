#include "difflm/nn/safetensors_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "difflm/core/error.h"
#include "difflm/core/json.h"
#include "difflm/core/names.h"

namespace difflm {
namespace {

struct DtypeName {
  std::string_view name;
  torch::Dtype dtype;
};

constexpr std::array kDtypes = {
    DtypeName{"F64", torch::kFloat64},   DtypeName{"F32", torch::kFloat32}, DtypeName{"F16", torch::kFloat16},
    DtypeName{"BF16", torch::kBFloat16}, DtypeName{"I64", torch::kInt64},   DtypeName{"I32", torch::kInt32},
    DtypeName{"I16", torch::kInt16},     DtypeName{"I8", torch::kInt8},     DtypeName{"U8", torch::kUInt8},
    DtypeName{"BOOL", torch::kBool},
};

constexpr size_t kMaxRank = 32;  // Torch's own loops end at 64

std::string known_dtypes() {
  std::string result;
  for (const auto& known : kDtypes) result += (result.empty() ? "" : ", ") + std::string(known.name);
  return result;
}

// What is wrong with one tensor of one file.
class EntryParser {
 public:
  EntryParser(const std::string& path, const std::string& name) : path_(path), name_(name) {}

  SafetensorsEntry parse(const SortedJson& value) const {
    if (!value.is_object()) throw wrong("is not a JSON object, expected dtype, shape and data_offsets");
    SafetensorsEntry entry;
    entry.dtype = dtype(member(value, "dtype"));
    entry.shape = shape(member(value, "shape"));
    const auto& offsets = member(value, "data_offsets");
    if (!offsets.is_array() || offsets.size() != 2) throw wrong("has data_offsets that are not two numbers");
    entry.begin = offset(offsets[0]);
    entry.end = offset(offsets[1]);
    check_size(entry);
    return entry;
  }

 private:
  Error wrong(std::string_view what) const {
    return usage_error(path_, fmt::format("tensor {} {}", quoted_name(name_), what), "the file is damaged or not safetensors");
  }

  const SortedJson& member(const SortedJson& value, const char* key) const {
    const auto found = value.find(key);
    if (found == value.end()) throw wrong(fmt::format("has no {}", key));
    return *found;
  }

  torch::Dtype dtype(const SortedJson& value) const {
    if (!value.is_string()) throw wrong("has a dtype that is not a text");
    const auto& name = value.get_ref<const std::string&>();
    const auto known = std::find_if(kDtypes.begin(), kDtypes.end(), [&](const DtypeName& d) { return d.name == name; });
    if (known == kDtypes.end())
      throw wrong(fmt::format("has the unknown dtype {}, expected one of {}", quoted_name(name), known_dtypes()));
    return known->dtype;
  }

  std::vector<int64_t> shape(const SortedJson& value) const {
    if (!value.is_array()) throw wrong("has a shape that is not an array");
    if (value.size() > kMaxRank) throw wrong(fmt::format("has {} dimensions, expected at most {}", value.size(), kMaxRank));
    std::vector<int64_t> result;
    for (const auto& size : value) {
      if (!size.is_number_unsigned() || size.get<uint64_t>() > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
        throw wrong(fmt::format("has the size {} in its shape, expected integers from 0 to 2^63 - 1", number_text(size)));
      }
      result.push_back(size.get<int64_t>());
    }
    return result;
  }

  uint64_t offset(const SortedJson& value) const {
    if (!value.is_number_unsigned())
      throw wrong(fmt::format("has the data offset {}, expected an integer from 0 up", number_text(value)));
    return value.get<uint64_t>();
  }

  void check_size(const SafetensorsEntry& entry) const {
    // Sizes of 0 count as 1 here: Torch multiplies the other sizes for its strides even where there is no element.
    int64_t strides = static_cast<int64_t>(torch::elementSize(entry.dtype));
    bool empty = false;
    for (const int64_t size : entry.shape) {
      empty = empty || size == 0;
      if (__builtin_mul_overflow(strides, std::max<int64_t>(size, 1), &strides)) {
        throw wrong(fmt::format("of shape {} has more than 2^63 bytes", shape_text(entry.shape)));
      }
    }
    const uint64_t expected = empty ? 0 : static_cast<uint64_t>(strides);
    if (entry.begin > entry.end || entry.end - entry.begin != expected) {
      throw wrong(fmt::format("of shape {} and dtype {} needs {} bytes, but its data_offsets are {} to {}", shape_text(entry.shape),
                              safetensors_dtype_name(entry.dtype), expected, entry.begin, entry.end));
    }
  }

  static std::string number_text(const SortedJson& value) { return value.is_number() ? to_text(value) : "(not a number)"; }

  const std::string& path_;
  const std::string& name_;
};

std::map<std::string, std::string> parse_metadata(const std::string& path, const SortedJson& value) {
  if (!value.is_object()) throw usage_error(path, "__metadata__ of the header is not a JSON object");
  std::map<std::string, std::string> result;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) throw usage_error(path, fmt::format("__metadata__ {} of the header is not a text", quoted_name(key)));
    result[key] = text.get<std::string>();
  }
  return result;
}

// The tensors, laid end to end in the order of their offsets, must be the data.
void check_cover(const std::string& path, const SafetensorsHeader& header, uint64_t data_bytes) {
  std::vector<const std::pair<const std::string, SafetensorsEntry>*> order;
  for (const auto& tensor : header.tensors) order.push_back(&tensor);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::pair(a->second.begin, a->second.end) < std::pair(b->second.begin, b->second.end);
  });
  uint64_t reached = 0;
  for (const auto* tensor : order) {
    const auto& [name, entry] = *tensor;
    if (entry.end > data_bytes) {
      throw usage_error(path,
                        fmt::format("tensor {} ends at byte {} of the data, but the file holds only {}", quoted_name(name),
                                    entry.end, data_bytes),
                        "the file is cut off: copy or download it again");
    }
    if (entry.begin != reached) {
      throw usage_error(path,
                        fmt::format("tensor {} begins at byte {} of the data, expected {}: tensors {}", quoted_name(name),
                                    entry.begin, reached, entry.begin < reached ? "overlap" : "leave a hole"),
                        "the file is damaged or not safetensors");
    }
    reached = entry.end;
  }
  if (reached != data_bytes) {
    throw usage_error(path, fmt::format("the tensors end at byte {} of the data, but the file holds {}", reached, data_bytes),
                      "the file is damaged or not safetensors");
  }
}

}  // namespace

SafetensorsHeader parse_safetensors_header(const std::string& path, std::string_view json, uint64_t data_bytes) {
  const auto parsed = parse_strict_json(path, json);
  if (!parsed.is_object()) throw usage_error(path, "the header is not a JSON object", "the file is damaged or not safetensors");
  SafetensorsHeader header;
  for (const auto& [name, value] : parsed.items()) {
    if (name == "__metadata__") {
      header.metadata = parse_metadata(path, value);
    } else {
      header.tensors[name] = EntryParser(path, name).parse(value);
    }
  }
  check_cover(path, header, data_bytes);
  return header;
}

std::string format_safetensors_header(const std::string& path, const SafetensorsHeader& header) {
  Json json = Json::object();
  if (!header.metadata.empty()) json["__metadata__"] = header.metadata;
  for (const auto& [name, entry] : header.tensors) {
    json[name] = {
        {"dtype", safetensors_dtype_name(entry.dtype)}, {"shape", entry.shape}, {"data_offsets", {entry.begin, entry.end}}};
  }
  std::string text;
  try {
    text = to_text(json);
  } catch (const Json::type_error&) {
    throw usage_error(path, "a tensor name or a metadata text is not valid UTF-8, which safetensors cannot hold");
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

std::string safetensors_dtype_name(torch::Dtype dtype) {
  const auto known = std::find_if(kDtypes.begin(), kDtypes.end(), [&](const DtypeName& d) { return d.dtype == dtype; });
  return known == kDtypes.end() ? "" : std::string(known->name);
}

std::string shape_text(const std::vector<int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

}  // namespace difflm
