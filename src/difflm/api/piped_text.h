// Text from standard input, which can be read only once: it is kept in a temporary file while it is looked at, and in the run's
// folder when it is trained on, so that the run can be continued.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace difflm {

class PipedText {
 public:
  // Reads standard input where `texts` name it, "-".
  explicit PipedText(const std::vector<std::string>& texts);
  ~PipedText();
  PipedText(const PipedText&) = delete;
  PipedText& operator=(const PipedText&) = delete;

  bool is_given() const { return !temporary_.empty(); }

  // The texts by their full paths, and instead of "-" the copy: the temporary one, or that of a run folder.
  std::vector<std::string> paths() const;
  std::vector<std::string> paths_in(const std::string& folder) const;

  bool is_in(const std::string& folder) const;  // and the same
  void write_to(const std::string& folder) const;

  // A line for the user, with "standard input" for the temporary file.
  std::string shown(std::string line) const;

 private:
  std::vector<std::string> with_copy(const std::string& copy) const;

  std::vector<std::string> texts_;
  std::filesystem::path temporary_;
  std::string content_;
};

}  // namespace difflm
