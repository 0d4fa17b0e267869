// difflm annotate RUN: parts of speech for the texts of a run, with trees by a parser of plain English, or learned from tagged
// texts
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "difflm/cli/console.h"
#include "difflm/cli/verb.h"
#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/corpora/corpus.h"
#include "difflm/data/annotation.h"
#include "difflm/model/run_folder.h"

namespace difflm {
namespace {

// Shows how far an annotation is, and whether it should stop.
class AnnotationLine {
 public:
  AnnotationProgress function() {
    return [this](size_t done, size_t count) {
      if (done % 20 == 0) line_.show(static_cast<int64_t>(done), static_cast<int64_t>(count), "texts");
      return !interrupt_.interrupted();
    };
  }

  void finish(const std::string& if_stopped) {
    line_.clear();
    if (!interrupt_.interrupted()) return;
    print_message(if_stopped);
    throw Interrupted{};
  }

 private:
  InterruptGuard interrupt_;
  ProgressLine line_;
};

void parse_texts(const std::string& folder, const std::string& named) {
  AnnotationLine progress;
  const auto counts = parse_prepared(folder, progress.function());
  progress.finish("stopped; what was parsed is kept: run the same command again to continue");
  fmt::print("{} of {} texts have parts of speech and a tree\n", counts.annotated, counts.texts);
  print_message(
      fmt::format("now try: difflm train configs/span-classifier.toml model.span-classifier.base={0} -o {0}-spans", named));
}

void tag_texts(const std::string& folder, const std::string& named, const std::vector<std::string>& tagged) {
  AnnotationLine progress;
  const auto documents = read_corpus(tagged, "tagged", Config());
  const auto [counts, accuracy] = tag_prepared(folder, documents, fmt::format("{}", fmt::join(tagged, ", ")), progress.function());
  progress.finish("stopped; the texts are unchanged");
  const auto percent = [](size_t part, size_t whole) {
    return 100 * static_cast<double>(part) / static_cast<double>(std::max<size_t>(1, whole));
  };
  fmt::print("learned from nine in ten of the tagged texts; {:.1f}% of {} words of the others are tagged correctly",
             percent(accuracy.right, accuracy.words), accuracy.words);
  fmt::print(", of {} never seen {:.1f}%\n", accuracy.unseen, percent(accuracy.unseen_right, accuracy.unseen));
  fmt::print("{} of {} texts have parts of speech\n", counts.annotated, counts.texts);
  print_message(fmt::format("now try: difflm control {} --tags \"...\"", named));
}

void run_annotate(std::string named, std::vector<std::string> tagged) {
  // The run after the tagged texts: `annotate --tagged a.txt b.txt RUN`.
  if (named.empty() && tagged.size() > 1 && std::filesystem::is_directory(tagged.back())) {
    named = tagged.back();
    tagged.pop_back();
  }
  if (named.empty()) throw usage_error("annotate", "run is required", "the run whose texts to annotate, or a prepared folder");
  std::string folder = named;
  if (is_run(named)) folder = prepared_folder(read_run_config(named), named);
  const FolderLock lock(folder);
  if (!lock.is_held()) print_message(unlocked_note(folder));
  if (tagged.empty()) {
    parse_texts(folder, named);
  } else {
    tag_texts(folder, named, tagged);
  }
}

}  // namespace

void add_annotate(CLI::App& app) {
  auto folder = std::make_shared<std::string>();
  auto tagged = std::make_shared<std::vector<std::string>>();
  auto* verb = app.add_subcommand("annotate",
                                  "add parts of speech and constituents to the texts of a run, so that it can be steered by them");
  verb->add_option("run", *folder, "a run folder, or one made by `difflm prepare`");
  verb->add_option(
      "--tagged", *tagged,
      "texts in which each word has its part of speech, \"The/DET cafe/NOUN ./PUNCT\", files or globs: learn from these how "
      "to tag (parts of speech only), instead of parsing");
  verb->footer(
      "Without --tagged: plain English, by the link-grammar parser; a text with a sentence that has no complete parse "
      "stays unannotated.\n"
      "The model is not changed.\n"
      "examples: difflm annotate runs/mine\n"
      "          difflm annotate runs/mine --tagged 'brown/c*[0-9]'");
  verb->callback([folder, tagged] { run_annotate(*folder, *tagged); });
}

}  // namespace difflm
