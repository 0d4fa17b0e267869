#include "difflm/serve/run_reports.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace difflm {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostReports = 50;
constexpr uintmax_t kMostBytes = 64 << 20;  // of a page
constexpr std::streamsize kHeadBytes = 4096;
constexpr size_t kLongestTitle = 120;

bool is_page(const fs::path& path) {
  std::error_code unknown;
  const bool own = fs::symlink_status(path, unknown).type() == fs::file_type::regular && path.extension() == ".html";
  return own && fs::file_size(path, unknown) <= kMostBytes && !unknown;
}

std::string title_of(const fs::path& path) {
  std::string head(static_cast<size_t>(kHeadBytes), '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(head.data(), kHeadBytes);
  head.resize(static_cast<size_t>(in.gcount()));
  const std::string name = path.filename().string();
  const size_t tag = head.find("<title>");
  if (tag == std::string::npos) return name;
  const size_t from = tag + std::string_view("<title>").size();
  const size_t to = head.find("</title>", from);
  if (to == std::string::npos || to == from || to - from > kLongestTitle) return name;
  const std::string title = head.substr(from, to - from);
  return title.find('&') == std::string::npos ? title : name;  // no characters by name or number
}

// EXPERIMENT/runs/ADDRESS/model is the folder of a run of an experiment.
fs::path experiment_report(const std::string& folder) {
  std::error_code unknown;
  const fs::path run = fs::weakly_canonical(folder, unknown);
  const fs::path experiment = run.parent_path().parent_path().parent_path();
  const bool is_own = run.filename() == "model" && run.parent_path().parent_path().filename() == "runs";
  return is_own && fs::exists(experiment / "plan.json", unknown) ? experiment / "report.html" : fs::path();
}

}  // namespace

std::vector<RunReport> reports_of(const std::string& folder) {
  std::vector<fs::path> pages;
  std::error_code unknown;
  for (const auto& entry : fs::directory_iterator(folder, unknown)) {
    if (is_page(entry.path())) pages.push_back(entry.path());
  }
  std::sort(pages.begin(), pages.end());
  if (const fs::path report = experiment_report(folder); !report.empty() && is_page(report)) pages.insert(pages.begin(), report);
  if (pages.size() > kMostReports) pages.resize(kMostReports);
  std::vector<RunReport> reports;
  reports.reserve(pages.size());
  for (const auto& page : pages) reports.push_back({title_of(page), page.string()});
  return reports;
}

}  // namespace difflm
