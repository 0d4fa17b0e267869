#include "difflm/cli/output_file.h"

#include <unistd.h>

#include <filesystem>
#include <utility>

#include "difflm/core/error.h"
#include "difflm/core/files.h"

namespace difflm {

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  std::error_code ignored;
  if (std::filesystem::is_directory(path_, ignored)) throw usage_error(path_, "is a folder, expected a file to write");
  const auto folder = std::filesystem::path(path_).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
    throw usage_error(path_, "cannot be written: there is no folder " + folder.string(), "make it, or choose another path");
  }
  replaces_ = !std::filesystem::exists(path_, ignored) || std::filesystem::is_regular_file(path_, ignored);
  if (!replaces_) {
    write_text(path_, "", true);
    return;
  }
  const std::string probe = path_ + ".tmp";  // as replace_file() will need it
  write_text(probe, "");
  ::unlink(probe.c_str());
}

void OutputFile::write(std::string_view text) const {
  if (path_.empty()) return;
  if (replaces_) {
    replace_file_with_text(path_, text);
  } else {
    write_text(path_, text, true);
  }
}

}  // namespace difflm
