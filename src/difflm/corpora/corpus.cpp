#include "difflm/corpora/corpus.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "difflm/core/error.h"
#include "difflm/corpora/builtin_corpus.h"
#include "difflm/corpora/corpus_files.h"
#include "difflm/corpora/csv_corpus.h"
#include "difflm/corpora/detect.h"
#include "difflm/corpora/jsonl_corpus.h"
#include "difflm/corpora/many_files.h"
#include "difflm/corpora/tagged_corpus.h"
#include "difflm/corpora/txt_corpus.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

// data.broken; an option of the data section, whose other options are of rooms above.
bool skips_broken(const Config& config) {
  const auto* value = config.find("data.broken");
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->data);
  return text != nullptr && *text == "skip";
}

class CorpusReading {
 public:
  CorpusReading(const std::string& kind, const Config& config, const DocumentSink& sink)
      : kind_(kind),
        config_(config),
        log_(skips_broken(config)),
        sink_([this, &sink](Document&& document) { keep(std::move(document), sink); }) {}

  void read_without_files() { reader(kind_ == "auto" ? "builtin" : kind_).read("", "", sink_, log_); }

  bool needs_no_files(bool has_patterns) {
    return !(kind_ == "auto" && has_patterns) && !reader(kind_ == "auto" ? "builtin" : kind_).reads_files();
  }

  void read_files(const std::vector<std::string>& patterns) {
    const auto files = find_corpus_files(patterns, log_);
    if (kind_ == "auto" || kind_ == "txt") config_ = with_common_layout(files, config_, log_);
    for (const auto& path : files) read_file(path);
    for (const auto& [found, paths] : found_) {
      const std::string more = paths.second == 0 ? "" : fmt::format(" and {} more", paths.second);
      log_.note(fmt::format("{}{}: {}", paths.first, more, found));
    }
  }

  CorpusReport finish(const std::vector<std::string>& patterns) {
    log_.finish();
    if (kept_ == 0) {
      throw usage_error(patterns.empty() ? kind_ : fmt::format("{}", fmt::join(patterns, ", ")),
                        "holds no text, expected at least one document that is not empty");
    }
    for (const auto& [name, made] : readers_) report_.kind += (report_.kind.empty() ? "" : "+") + name;
    log_.count("texts that are empty (blank lines too), left out", report_.empty_documents);
    log_.count("bytes that are not UTF-8, replaced by U+FFFD (iconv converts files of another encoding)", repairs_.invalid_bytes);
    log_.count("byte order marks at the start of lines, dropped", repairs_.byte_order_marks);
    report_.invalid_bytes = repairs_.invalid_bytes;
    report_.notes = log_.notes();
    return report_;
  }

 private:
  Corpus& reader(const std::string& name) {
    auto& slot = readers_[name];
    if (slot == nullptr) slot = corpora().make(name, config_);
    return *slot;
  }

  void keep(Document&& document, const DocumentSink& sink) {
    if (is_blank(document.text)) {
      ++report_.empty_documents;
      return;
    }
    ++kept_;
    sink(std::move(document));
  }

  void read_file(const std::string& path) {
    const std::string name = shown_path(path);
    std::string text = read_corpus_file(path, log_, &repairs_, &report_.bytes);
    ++report_.files;
    if (auto source = describe_source(path)) report_.sources.push_back(std::move(*source));
    std::string corpus = kind_;
    std::string found;
    if (kind_ == "auto") {
      const auto [detected, why] = detect_corpus(path, text);
      corpus = detected;
      found = fmt::format("read as {}, since {}", corpus, why);
    } else if (kind_ == "txt") {
      note_other_format(name, path, text);
    }
    Corpus& used = reader(corpus);
    for (const auto& reason : used.read(name, std::move(text), sink_, log_).reasons) found += (found.empty() ? "" : "; ") + reason;
    if (found.empty()) return;
    auto& [first, more] = found_.try_emplace(found, name, 0).first->second;
    more += first == name ? 0 : 1;
  }

  void note_other_format(const std::string& name, const std::string& path, const std::string& text) {
    std::string other = "of another format";
    try {
      const std::string corpus = detect_corpus(path, text).first;
      if (corpus == "txt") return;
      other = corpus == "jsonl" ? "JSON" : "a table";
    } catch (const Error&) {  // it cannot be read otherwise
    }
    log_.note(fmt::format("{}: looks like {}, but is read as plain text, since data.corpus says so", name, other));
  }

  std::string kind_;
  Config config_;
  ReadingLog log_;
  DocumentSink sink_;
  std::map<std::string, std::unique_ptr<Corpus>> readers_;
  std::map<std::string, std::pair<std::string, size_t>> found_;  // what was found -> the first file, and how many more
  CorpusReport report_;
  TextRepairs repairs_;
  size_t kept_ = 0;
};

}  // namespace

const CorpusFamily& corpora() {
  static const CorpusFamily family(
      "data.corpus", "how the files are read",
      {
          variant<CorpusFamily, TxtCorpus>("txt", "plain text: one text per line, per paragraph, per file or between marks"),
          variant<CorpusFamily, JsonlCorpus>(
              "jsonl", "JSON: an object for each text, line by line or in a list; other fields are attributes"),
          variant<CorpusFamily, CsvCorpus>("csv", "a table: CSV or TSV; E2E meanings and other columns become attributes"),
          variant<CorpusFamily, TaggedCorpus>("tagged", "one text per line, each word with its part of speech: word/TAG"),
          variant<CorpusFamily, BuiltinCorpus>("builtin", "sentences of a grammar, with gold annotations"),
      });
  return family;
}

std::vector<Document> Corpus::parse(const std::string& path, const std::string& text) {
  std::vector<Document> documents;
  ReadingLog log;
  read(
      path, text, [&](Document&& document) { documents.push_back(std::move(document)); }, log);
  log.finish();
  return documents;
}

CorpusReport read_corpus(const std::vector<std::string>& patterns, const std::string& kind, const Config& config,
                         const DocumentSink& sink) {
  CorpusReading reading(kind, config, sink);
  if (reading.needs_no_files(!patterns.empty())) {
    reading.read_without_files();
  } else if (patterns.empty()) {
    throw usage_error("data.path", fmt::format("names no file, but the corpus '{}' reads files", kind), "set data.path=FILE");
  } else {
    reading.read_files(patterns);
  }
  return reading.finish(patterns);
}

std::vector<Document> read_corpus(const std::vector<std::string>& patterns, const std::string& kind, const Config& config,
                                  CorpusReport* report) {
  std::vector<Document> documents;
  CorpusReport own = read_corpus(patterns, kind, config, [&](Document&& document) { documents.push_back(std::move(document)); });
  if (report != nullptr) *report = std::move(own);
  return documents;
}

}  // namespace difflm
