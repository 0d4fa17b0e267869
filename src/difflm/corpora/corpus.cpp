#include "difflm/corpora/corpus.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/corpora/builtin_corpus.h"
#include "difflm/corpora/csv_corpus.h"
#include "difflm/corpora/jsonl_corpus.h"
#include "difflm/corpora/tagged_corpus.h"
#include "difflm/corpora/txt_corpus.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

std::vector<std::string> matches(const std::string& pattern) {
  std::error_code ignored;
  if (pattern == "-" || std::filesystem::exists(pattern, ignored)) return {pattern};
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  std::vector<std::string> result;
  if (status == 0) result.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  std::erase_if(result, [&](const std::string& path) { return std::filesystem::is_directory(path, ignored); });
  std::sort(result.begin(), result.end());
  if (result.empty()) {
    const bool is_glob = pattern.find_first_of("*?[") != std::string::npos;
    throw usage_error(pattern, is_glob ? "no file matches, expected at least one" : "no such file",
                      "check data.path and the folder you are in");
  }
  return result;
}

std::string kind_of(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) { return std::tolower(c); });
  if (extension == ".jsonl") return "jsonl";
  if (extension == ".csv") return "csv";
  return "txt";
}

void keep_texts(std::vector<Document> documents, std::vector<Document>& kept, CorpusReport& report) {
  for (auto& document : documents) {
    if (is_blank(document.text)) {
      ++report.empty_documents;
    } else {
      kept.push_back(std::move(document));
    }
  }
}

}  // namespace

const CorpusFamily& corpora() {
  static const CorpusFamily family(
      "data.corpus", "how the files are read",
      {
          variant<CorpusFamily, TxtCorpus>("txt", "one text per line, per paragraph or per file"),
          variant<CorpusFamily, JsonlCorpus>("jsonl", "one JSON object per line, other fields are attributes"),
          variant<CorpusFamily, CsvCorpus>("csv", "a table with a header, E2E meanings become attributes"),
          variant<CorpusFamily, TaggedCorpus>("tagged", "one text per line, each word with its part of speech: word/TAG"),
          variant<CorpusFamily, BuiltinCorpus>("builtin", "sentences of a grammar, with gold annotations"),
      });
  return family;
}

std::vector<Document> read_corpus(const std::vector<std::string>& patterns, const std::string& kind, const Config& config,
                                  CorpusReport* report) {
  CorpusReport own;
  std::vector<Document> documents;
  std::map<std::string, std::unique_ptr<Corpus>> readers;
  const auto reader = [&](const std::string& name) -> const Corpus& {
    auto& slot = readers[name];
    if (slot == nullptr) slot = corpora().make(name, config);
    return *slot;
  };
  const bool by_extension = kind == "auto" && !patterns.empty();
  const std::string fixed = kind == "auto" ? "builtin" : kind;
  if (!by_extension && !reader(fixed).reads_files()) {
    keep_texts(reader(fixed).parse("", ""), documents, own);
  } else {
    if (patterns.empty()) {
      throw usage_error("data.path", fmt::format("names no file, but the corpus '{}' reads files", fixed), "set data.path=FILE");
    }
    for (const auto& pattern : patterns) {
      for (const auto& path : matches(pattern)) {
        const std::string bytes = read_text_file(path);
        const std::string name = path == "-" ? "standard input" : path;
        const std::string text = clean_text(bytes, name, &own.invalid_bytes);
        keep_texts(reader(by_extension ? kind_of(path) : fixed).parse(name, text), documents, own);
        ++own.files;
        own.bytes += bytes.size();
      }
    }
  }
  if (documents.empty()) {
    throw usage_error(patterns.empty() ? fixed : fmt::format("{}", fmt::join(patterns, ", ")),
                      "holds no text, expected at least one document that is not empty");
  }
  for (const auto& [name, made] : readers) own.kind += (own.kind.empty() ? "" : "+") + name;
  if (report != nullptr) *report = own;
  return documents;
}

}  // namespace difflm
