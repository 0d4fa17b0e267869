#include "difflm/nn/safetensors_checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/core/names.h"

namespace difflm {
namespace {

namespace fs = std::filesystem;

// False too where the path cannot be looked up (a name too long, a folder that may not be entered).
bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// The file to open in a folder.
fs::path checkpoint_in(const fs::path& folder) {
  for (const char* name : {"model.safetensors.index.json", "model.safetensors"}) {
    if (is_there(folder / name)) return folder / name;
  }
  std::vector<std::string> others;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(folder, error)) {
    if (item.path().extension() == ".safetensors") others.push_back(item.path().filename().string());
  }
  if (error) throw usage_error(folder.string(), fmt::format("cannot be read: {}", error.message()));
  std::sort(others.begin(), others.end());
  if (others.size() == 1) return folder / others[0];
  if (others.empty()) {
    throw usage_error(folder.string(), "has no safetensors file, expected model.safetensors or model.safetensors.index.json",
                      "a .bin, .pt or .gguf checkpoint has to be converted to safetensors first");
  }
  throw usage_error(folder.string(),
                    fmt::format("has {} safetensors files and no index: {}", others.size(), fmt::join(others, ", ")),
                    "name one of them");
}

// An index comes from outside: it may point only to files beside or below it.
void check_inside(const std::string& index, const std::string& name) {
  const fs::path path(name);
  const bool climbs = std::find(path.begin(), path.end(), fs::path("..")) != path.end();
  if (name.empty() || path.is_absolute() || climbs) {
    throw usage_error(index, fmt::format("names the file {}, expected one in the folder of the index", quoted_name(name)));
  }
}

}  // namespace

SafetensorsCheckpoint::SafetensorsCheckpoint(const std::string& path) : path_(path) {
  if (!is_there(path)) throw usage_error(path, "no such file or folder", "check the path and the folder you are in");
  const fs::path file = fs::is_directory(path) ? checkpoint_in(path) : fs::path(path);
  if (file.extension() == ".json") {
    open_index(file.string());
  } else {
    open_single(file.string());
  }
}

void SafetensorsCheckpoint::open_single(const std::string& path) {
  const auto& file = files_.emplace(path, SafetensorsFile(path)).first->second;
  for (const auto& [name, entry] : file.tensors()) file_names_[name] = path;
}

void SafetensorsCheckpoint::open_index(const std::string& path) {
  std::error_code ignored;
  if (const auto size = fs::file_size(path, ignored); !ignored && size > kMaxSafetensorsHeader) {
    throw usage_error(path, fmt::format("has {} bytes, expected an index of at most {}", size, kMaxSafetensorsHeader));
  }
  const auto json = parse_strict_json(path, read_text_file(path));
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object()) {
    throw usage_error(path, "has no weight_map, expected the index of a sharded safetensors checkpoint");
  }
  for (const auto& [tensor, value] : json["weight_map"].items()) {
    if (!value.is_string()) throw usage_error(path, fmt::format("the file of tensor {} is not a text", quoted_name(tensor)));
    const auto name = value.get<std::string>();
    if (!files_.contains(name)) {
      check_inside(path, name);
      const auto shard = (fs::path(path).parent_path() / name).string();
      if (!is_there(shard)) {
        throw usage_error(path,
                          fmt::format("tensor {} is in the file {}, which is missing", quoted_name(tensor), quoted_name(name)),
                          "copy or download all files of the checkpoint");
      }
      files_.emplace(name, SafetensorsFile(shard));
    }
    if (!files_.at(name).tensors().contains(tensor)) {
      throw usage_error(path,
                        fmt::format("tensor {} should be in the file {}, but is not", quoted_name(tensor), quoted_name(name)));
    }
    file_names_[tensor] = name;
  }
}

std::vector<std::string> SafetensorsCheckpoint::names() const {
  std::vector<std::string> result;
  for (const auto& [tensor, file] : file_names_) result.push_back(tensor);
  return result;
}

const SafetensorsFile& SafetensorsCheckpoint::file_of(const std::string& name) const {
  const auto found = file_names_.find(name);
  if (found == file_names_.end())
    throw usage_error(path_, fmt::format("has no tensor {}", quoted_name(name)), suggestion(name, names()));
  return files_.at(found->second);
}

}  // namespace difflm
