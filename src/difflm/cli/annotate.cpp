// difflm annotate RUN: parts of speech and trees for the texts of a run, by a parser of plain English
#include <fmt/format.h>

#include <memory>

#include "difflm/cli/console.h"
#include "difflm/cli/verb.h"
#include "difflm/core/files.h"
#include "difflm/data/annotation.h"
#include "difflm/model/run_folder.h"

namespace difflm {
namespace {

void run_annotate(const std::string& named) {
  std::string folder = named;
  if (is_run(named)) folder = prepared_folder(open_run(named).config, named);
  const FolderLock lock(folder);
  const InterruptGuard interrupt;
  ProgressLine progress;
  const double start = seconds_now();
  const auto counts = annotate_prepared(folder, [&](size_t done, size_t count) {
    if (done > 0 && done % 20 == 0) {
      const double left = (seconds_now() - start) * static_cast<double>(count - done) / static_cast<double>(done);
      progress.show(fmt::format("{} of {} texts, {} left", done, count, duration(left)));
    }
    return !interrupt.interrupted();
  });
  progress.clear();
  if (interrupt.interrupted()) {
    say("stopped; what was parsed is kept, and the same command goes on");
    throw Interrupted{};
  }
  fmt::print("{} of {} texts have parts of speech and a tree\n", counts.annotated, counts.texts);
  say(fmt::format("now try: difflm train configs/span-classifier.toml model.span-classifier.base={0} -o {0}-spans", named));
}

}  // namespace

void add_annotate(CLI::App& app) {
  auto folder = std::make_shared<std::string>();
  auto* verb =
      app.add_subcommand("annotate", "parse the texts of a run, so that it can be steered by parts of speech and constituents");
  verb->add_option("run", *folder, "a run folder, or one made by `difflm prepare`")->required();
  verb->footer(
      "Plain English, by the link-grammar parser; a text of which a sentence has no complete parse stays without. The model is "
      "not\n"
      "changed.\n"
      "example: difflm annotate runs/mine");
  verb->callback([folder] { run_annotate(*folder); });
}

}  // namespace difflm
