#include "difflm/nn/safetensors.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/names.h"

namespace difflm {
namespace {

static_assert(std::endian::native == std::endian::little, "the bytes of the file are used as they are");

constexpr uint64_t kLengthBytes = 8;

// A tensor of type bool may hold no byte but 0 and 1, whatever the file says.
torch::Dtype stored_dtype(torch::Dtype dtype) { return dtype == torch::kBool ? torch::kUInt8 : dtype; }

Tensor finish(const Tensor& read, torch::Dtype dtype, std::optional<torch::Dtype> as) {
  const Tensor typed = dtype == torch::kBool ? read.ne(0) : read;
  return as ? typed.to(*as) : typed;
}

std::vector<std::string> names_of(const std::map<std::string, SafetensorsEntry>& tensors) {
  std::vector<std::string> result;
  for (const auto& [name, entry] : tensors) result.push_back(name);
  return result;
}

// Where each tensor goes. Larger elements first keeps all of them aligned without padding, which the format does not allow.
std::vector<std::string> lay_out(const std::string& path, const NamedTensors& tensors, SafetensorsHeader& header) {
  std::vector<std::string> order;
  for (const auto& [name, tensor] : tensors) {
    if (name == "__metadata__") throw usage_error(path, "no tensor may be called '__metadata__' in a safetensors file");
    if (!tensor.defined()) throw usage_error(path, fmt::format("tensor {} is undefined", quoted_name(name)));
    if (tensor.layout() != torch::kStrided || safetensors_dtype_name(tensor.scalar_type()).empty()) {
      throw usage_error(path, fmt::format("tensor {} of type {} cannot be written to a safetensors file", quoted_name(name),
                                          torch::toString(tensor.scalar_type())));
    }
    order.push_back(name);
  }
  std::stable_sort(order.begin(), order.end(), [&](const std::string& a, const std::string& b) {
    return tensors.at(a).element_size() > tensors.at(b).element_size();
  });
  uint64_t reached = 0;
  for (const auto& name : order) {
    const Tensor& tensor = tensors.at(name);
    const uint64_t begin = reached;
    reached += static_cast<uint64_t>(tensor.numel()) * static_cast<uint64_t>(tensor.element_size());
    header.tensors[name] = {tensor.scalar_type(), tensor.sizes().vec(), begin, reached};
  }
  return order;
}

}  // namespace

void write_safetensors(const std::string& path, const NamedTensors& tensors, const std::map<std::string, std::string>& metadata) {
  SafetensorsHeader header;
  header.metadata = metadata;
  const auto order = lay_out(path, tensors, header);
  const std::string text = format_safetensors_header(path, header);
  replace_file(path, [&](const std::string& temporary) {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    if (!out) throw failure(path, fmt::format("cannot be written: {}", std::strerror(errno)), "choose a folder you may write to");
    const uint64_t length = text.size();
    out.write(reinterpret_cast<const char*>(&length), kLengthBytes);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    for (const auto& name : order) {
      const Tensor plain = tensors.at(name).detach().to(torch::kCPU).contiguous();  // one at a time, to hold one copy at most
      out.write(static_cast<const char*>(plain.data_ptr()), static_cast<std::streamsize>(plain.nbytes()));
    }
    out.close();
    if (!out) throw failure(path, fmt::format("could not be written whole: {}", std::strerror(errno)), "is the disk full?");
  });
}

SafetensorsFile::SafetensorsFile(std::string path) : path_(std::move(path)), file_(nullptr, &std::fclose) {
  std::error_code ignored;  // a path that cannot even be looked up is "no such file" too
  if (!std::filesystem::exists(path_, ignored))
    throw usage_error(path_, "no such file", "check the path and the folder you are in");
  if (!std::filesystem::is_regular_file(path_, ignored)) throw usage_error(path_, "is not a file, expected a safetensors file");
  file_.reset(std::fopen(path_.c_str(), "rb"));  // NOLINT(cppcoreguidelines-owning-memory): the pointer owns it
  struct stat status = {};
  if (!file_ || ::fstat(::fileno(file_.get()), &status) != 0)
    throw usage_error(path_, fmt::format("cannot be read: {}", std::strerror(errno)));

  const auto size = static_cast<uint64_t>(status.st_size);
  if (size < kLengthBytes)
    throw usage_error(path_, fmt::format("has {} bytes, a safetensors file has at least 10", size), "the file is cut off");
  char start[kLengthBytes];
  read_bytes(0, kLengthBytes, start);
  if (std::string_view(start, 4) == "PK\x03\x04") {
    throw usage_error(path_, "is a zip archive (PyTorch's own format), expected safetensors", "convert it to safetensors first");
  }
  uint64_t length = 0;
  std::memcpy(&length, start, kLengthBytes);
  if (length < 2 || length > kMaxSafetensorsHeader || length > size - kLengthBytes) {
    throw usage_error(path_,
                      fmt::format("says its header has {} bytes, expected 2 to {} (the file has {})", length,
                                  std::min(kMaxSafetensorsHeader, size - kLengthBytes), size),
                      "the file is cut off or not safetensors");
  }
  std::string json(length, '\0');
  read_bytes(kLengthBytes, length, json.data());
  data_start_ = kLengthBytes + length;
  header_ = parse_safetensors_header(path_, json, size - data_start_);
}

const SafetensorsEntry& SafetensorsFile::entry(const std::string& name) const {
  const auto found = header_.tensors.find(name);
  if (found == header_.tensors.end()) {
    throw usage_error(path_, fmt::format("has no tensor {}", quoted_name(name)), suggestion(name, names_of(header_.tensors)));
  }
  return found->second;
}

Tensor SafetensorsFile::read(const std::string& name, std::optional<torch::Dtype> as) const {
  const auto& found = entry(name);
  const Tensor result = torch::empty(found.shape, stored_dtype(found.dtype));
  read_bytes(data_start_ + found.begin, found.end - found.begin, result.data_ptr());
  return finish(result, found.dtype, as);
}

Tensor SafetensorsFile::read_rows(const std::string& name, const std::vector<int64_t>& rows, std::optional<torch::Dtype> as) const {
  const auto& found = entry(name);
  if (found.shape.size() != 2) {
    throw usage_error(
        path_, fmt::format("tensor {} has the shape {}, expected two dimensions", quoted_name(name), shape_text(found.shape)));
  }
  const int64_t height = found.shape[0];
  const int64_t width = found.shape[1];
  for (const int64_t row : rows) {
    if (row < 0 || row >= height) {
      throw usage_error(path_, fmt::format("tensor {} of shape {} has no row {}", quoted_name(name), shape_text(found.shape), row));
    }
  }
  const Tensor result = torch::empty({static_cast<int64_t>(rows.size()), width}, stored_dtype(found.dtype));
  const uint64_t row_bytes = static_cast<uint64_t>(width) * static_cast<uint64_t>(result.element_size());
  auto* target = static_cast<char*>(result.data_ptr());
  for (size_t i = 0; i < rows.size();) {
    size_t run = 1;  // rows that follow each other in the file too
    while (i + run < rows.size() && rows[i + run] == rows[i] + static_cast<int64_t>(run)) ++run;
    read_bytes(data_start_ + found.begin + static_cast<uint64_t>(rows[i]) * row_bytes, run * row_bytes, target + i * row_bytes);
    i += run;
  }
  return finish(result, found.dtype, as);
}

void SafetensorsFile::read_bytes(uint64_t begin, uint64_t count, void* target) const {
  for (uint64_t done = 0; done < count;) {
    const ssize_t got =
        ::pread(::fileno(file_.get()), static_cast<char*>(target) + done, count - done, static_cast<off_t>(begin + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw failure(path_, fmt::format("cannot be read at byte {}: {}", begin + done, std::strerror(errno)));
    if (got == 0)
      throw usage_error(path_, fmt::format("ends at byte {} while it is read", begin + done), "is another program writing it?");
    done += static_cast<uint64_t>(got);
  }
}

SafetensorsContent read_safetensors(const std::string& path) {
  const SafetensorsFile file(path);
  SafetensorsContent content;
  content.metadata = file.metadata();
  for (const auto& [name, entry] : file.tensors()) content.tensors[name] = file.read(name);
  return content;
}

}  // namespace difflm
