#include "difflm/api/piped_text.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "difflm/core/files.h"

namespace difflm {
namespace {

std::string copy_in(const std::string& folder) {
  return std::filesystem::absolute(folder + "/standard-input").lexically_normal().string();
}

// A path from anywhere. ~ is the corpus reader's, and a pattern stays one.
std::string full_path(const std::string& path) {
  return path.starts_with("~") ? path : std::filesystem::absolute(path).lexically_normal().string();
}

}  // namespace

PipedText::PipedText(const std::vector<std::string>& texts) : texts_(texts) {
  if (std::find(texts.begin(), texts.end(), "-") == texts.end()) return;
  content_ = read_text_file("-");
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("difflm-input-{}", getpid());
  make_folder(folder.string());
  temporary_ = folder / "standard-input";
  write_text(temporary_.string(), content_);
}

PipedText::~PipedText() {
  std::error_code ignored;
  if (is_given()) std::filesystem::remove_all(temporary_.parent_path(), ignored);
}

std::vector<std::string> PipedText::with_copy(const std::string& copy) const {
  std::vector<std::string> paths;
  for (const auto& text : texts_) paths.push_back(text == "-" ? copy : full_path(text));
  return paths;
}

std::vector<std::string> PipedText::paths() const { return with_copy(temporary_.string()); }
std::vector<std::string> PipedText::paths_in(const std::string& folder) const { return with_copy(copy_in(folder)); }

bool PipedText::is_in(const std::string& folder) const {
  return std::filesystem::exists(copy_in(folder)) && read_text_file(copy_in(folder)) == content_;
}

void PipedText::write_to(const std::string& folder) const {
  if (is_given()) replace_file_with_text(copy_in(folder), content_);
}

std::string PipedText::shown(std::string line) const {
  if (!is_given()) return line;
  const std::string path = temporary_.string();
  for (size_t at = line.find(path); at != std::string::npos; at = line.find(path)) line.replace(at, path.size(), "standard input");
  return line;
}

}  // namespace difflm
