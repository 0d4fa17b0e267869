#include "difflm/corpora/corpus_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>
#include <glob.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/names.h"
#include "difflm/corpora/gzip.h"
#include "difflm/corpora/table_shape.h"
#include "difflm/text/windows_1252.h"

namespace difflm {
namespace {

namespace fs = std::filesystem;

constexpr double kLargestInvalid = 0.2;  // share of bytes that are not UTF-8, above which the file is in another encoding

struct FileKind {
  std::string_view start;
  const char* what;
  const char* way_out;
};

// Files that are no text, by their first bytes.
constexpr std::array<FileKind, 11> kNoText = {{
    {"%PDF", "a PDF", "take its text out first: pdftotext FILE.pdf FILE.txt"},
    {"PK\x03\x04", "a zip archive, as .docx, .xlsx, .odt and .epub are too", "unpack it, or export it as plain text or CSV"},
    {"PAR1", "Parquet", "export it as JSON lines or CSV first"},
    {"ARROW1", "Arrow", "export it as JSON lines or CSV first"},
    {"BZh", "packed by bzip2", "unpack it: bzip2 -dc FILE > NEW (.gz can be read as it is)"},
    {"\xFD"
     "7zXZ",
     "packed by xz", "unpack it: xz -dc FILE > NEW (.gz can be read as it is)"},
    {"\x28\xB5\x2F\xFD", "packed by zstd", "unpack it: zstd -dc FILE > NEW (.gz can be read as it is)"},
    {"7z\xBC\xAF", "a 7z archive", "unpack it first"},
    {"SQLite format 3", "an SQLite data base", "export a table as CSV first"},
    {"\xD0\xCF\x11\xE0", "a document of an older office program", "export it as plain text or CSV"},
    {"\x89HDF", "HDF5", "export it as JSON lines or CSV first"},
}};

const FileKind* no_text(std::string_view bytes) {
  const auto found =
      std::find_if(kNoText.begin(), kNoText.end(), [&](const FileKind& kind) { return bytes.starts_with(kind.start); });
  return found == kNoText.end() ? nullptr : &*found;
}

std::string with_home(const std::string& pattern) {
  std::error_code ignored;
  const char* home = std::getenv("HOME");
  if (home == nullptr || fs::exists(pattern, ignored) || (pattern != "~" && !pattern.starts_with("~/"))) return pattern;
  return home + pattern.substr(1);
}

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

// Files below `folder` at any depth, hidden ones left out, links to folders not followed.
std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (is_hidden(entry->path())) {
      if (entry->is_directory(error)) entry.disable_recursion_pending();
    } else if (!entry->is_directory(error)) {
      files.push_back(entry->path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool is_text_file(const std::string& path) {
  if (path.ends_with(".tar.gz") || path.ends_with(".tgz")) return false;
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  std::string start(4096, '\0');
  in.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<size_t>(in.gcount()));
  const bool utf16 = start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF");
  return is_gzip(start) || utf16 || (no_text(start) == nullptr && start.find('\0') == std::string::npos);
}

std::vector<std::string> texts_below(const std::string& folder, ReadingLog& log) {
  if (fs::exists(fs::path(folder) / "data.json") && fs::exists(fs::path(folder) / "train.bin")) {
    throw usage_error(folder, "is a prepared corpus, expected texts", "data.prepared=" + folder + " trains on it");
  }
  std::vector<std::string> files = files_below(folder);
  std::vector<std::string> left_out;
  std::erase_if(files, [&](const std::string& path) {
    const bool binary = !is_text_file(path);
    if (binary) left_out.push_back(fs::relative(path, folder).string());
    return binary;
  });
  if (files.empty()) throw usage_error(folder, "is a folder without text files", "check data.path");
  if (!left_out.empty()) {
    const size_t count = left_out.size();
    left_out.resize(std::min<size_t>(count, 5));
    log.note(fmt::format("{}: {} {} no text, left out ({}{})", folder, count, count == 1 ? "file is" : "files are",
                         fmt::join(left_out, ", "), count > 5 ? ", ..." : ""));
  }
  return files;
}

// Matches the components of a pattern with ** from `at` on below `folder`.
void match_below(const fs::path& folder, const std::vector<std::string>& parts, size_t at, std::set<std::string>& found) {
  std::error_code error;
  const bool any_depth = parts[at] == "**";
  const bool last = at + 1 == parts.size();
  if (any_depth && !last) match_below(folder, parts, at + 1, found);
  for (const auto& entry :
       fs::directory_iterator(folder.empty() ? "." : folder, fs::directory_options::skip_permission_denied, error)) {
    const std::string name = entry.path().filename().string();
    const fs::path path = folder / name;
    const bool inside = entry.is_directory(error);
    const bool matched = any_depth ? !is_hidden(path) : ::fnmatch(parts[at].c_str(), name.c_str(), FNM_PERIOD) == 0;
    if (!matched) continue;
    if (inside && any_depth && !entry.is_symlink(error)) match_below(path, parts, at, found);
    if (inside && !any_depth && !last) match_below(path, parts, at + 1, found);
    if (!inside && last) found.insert(path.string());
  }
}

std::vector<std::string> glob_files(const std::string& pattern, ReadingLog& log) {
  const auto parts = split_list(pattern, "/");
  if (std::find(parts.begin(), parts.end(), "**") != parts.end()) {
    size_t first = 0;
    fs::path folder = pattern.starts_with('/') ? "/" : "";
    while (parts[first].find_first_of("*?[") == std::string::npos) folder /= parts[first++];
    std::set<std::string> found;
    match_below(folder, parts, first, found);
    return {found.begin(), found.end()};
  }
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  std::vector<std::string> result;
  if (status == 0) result.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  std::error_code ignored;
  const size_t folders = std::erase_if(result, [&](const std::string& path) { return fs::is_directory(path, ignored); });
  if (folders > 0)
    log.note(fmt::format("{}: {} matching {} left out (** looks into folders)", pattern, folders,
                         folders == 1 ? "folder is" : "folders are"));
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::string> files_of(const std::string& asked, ReadingLog& log) {
  if (asked == "-") return {asked};
  const std::string pattern = with_home(asked);
  std::error_code ignored;
  if (fs::is_directory(pattern, ignored)) return texts_below(pattern, log);
  if (fs::exists(pattern, ignored)) return {pattern};
  const bool is_glob = pattern.find_first_of("*?[") != std::string::npos;
  std::vector<std::string> files = is_glob ? glob_files(pattern, log) : std::vector<std::string>();
  if (!files.empty()) return files;
  throw usage_error(pattern, is_glob ? "no file matches, expected at least one" : "no such file",
                    "check data.path and the folder you are in");
}

// Whether lone CRs are line breaks inside the fields of a table whose rows end with LF.
bool returns_are_inside_fields(std::string_view text) {
  return text.find('\r') != std::string_view::npos && text.find('\n') != std::string_view::npos && looks_like_table(text);
}

}  // namespace

std::string shown_path(const std::string& path) {
  if (path == "-") return "standard input";
  std::error_code ignored;
  const fs::path below = fs::path(path).lexically_relative(fs::current_path(ignored));
  return below.empty() || *below.begin() == ".." || below == "." ? path : below.string();
}

std::vector<std::string> find_corpus_files(const std::vector<std::string>& patterns, ReadingLog& log) {
  std::vector<std::string> files;
  std::set<std::string> seen;
  for (const auto& pattern : patterns) {
    for (auto& path : files_of(pattern, log)) {
      std::error_code ignored;
      const bool fresh = seen.insert(path == "-" ? path : fs::weakly_canonical(path, ignored).string()).second;
      if (fresh) {
        files.push_back(std::move(path));
      } else {
        log.count("files that are named more than once, read once");
      }
    }
  }
  return files;
}

std::string read_corpus_file(const std::string& path, ReadingLog& log, TextRepairs* repairs, size_t* bytes) {
  const std::string name = shown_path(path);
  std::string text = read_text_file(path);
  if (is_gzip(text)) text = unpack_gzip(text, name);
  if (const FileKind* kind = no_text(text)) throw usage_error(name, fmt::format("is {}, expected text", kind->what), kind->way_out);
  if (bytes != nullptr) *bytes += text.size();
  const bool is_utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  if (is_utf16) log.note(name + ": read as UTF-16");
  const size_t size = text.size();
  if (!is_utf16 && !is_valid_utf8(text) && looks_like_windows_1252(text)) {
    log.note(name + ": read as Windows-1252, since it is not UTF-8 (iconv converts files of another encoding)");
    text = from_windows_1252(text);
  }
  TextRepairs own;
  text = clean_text(std::move(text), name, &own, true);
  if (static_cast<double>(own.invalid_bytes) > kLargestInvalid * static_cast<double>(size)) {
    throw usage_error(
        name,
        fmt::format("{:.0f}% of its bytes are not UTF-8", 100 * static_cast<double>(own.invalid_bytes) / static_cast<double>(size)),
        "convert it from its own encoding, for instance iconv -f GB18030 -t UTF-8 FILE > NEW");
  }
  if (text.find('\r') != std::string::npos && !returns_are_inside_fields(text)) std::replace(text.begin(), text.end(), '\r', '\n');
  if (text.starts_with("sep=") && text.size() > 6 && text[5] == '\n') {  // tells Excel the separator
    log.note(fmt::format("{}: the first line, {}, is not of the table", name, text.substr(0, 5)));
    text.erase(0, 5);
  }
  if (repairs != nullptr) {
    repairs->invalid_bytes += own.invalid_bytes;
    repairs->byte_order_marks += own.byte_order_marks;
  }
  return text;
}

}  // namespace difflm
