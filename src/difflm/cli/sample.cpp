// difflm sample RUN -n 8 [--steps --seed --temperature --length --trace F --jsonl]
#include <memory>

#include "difflm/cli/at_least.h"
#include "difflm/cli/verb.h"
#include "difflm/cli/writing_session.h"

namespace difflm {

void add_sample(CLI::App& app) {
  auto arguments = std::make_shared<WritingArguments>();
  auto* verb = app.add_subcommand("sample", "write texts with a trained model");
  arguments->overrides.add_run_to(*verb, arguments->run, "the run folder")->required();
  verb->add_option("-n,--count", arguments->request.count, "how many texts")->capture_default_str();
  verb->add_option("-s,--seed", arguments->request.seed, "seed; text i of a seed is always the same")
      ->capture_default_str()
      ->check(at_least(0));
  verb->add_option("--length", arguments->request.length, "tokens of each text; without: the lengths of the training texts")
      ->check(at_least(1));
  arguments->overrides.add_to(*verb);
  verb->add_option("-o,--output", arguments->output, "write the texts to this file, not to standard output");
  verb->add_option("--trace", arguments->trace, "write every step's texts to this file, as JSON lines");
  verb->add_flag("--jsonl", arguments->jsonl, "one JSON object per text");
  verb->add_flag("-q,--quiet", arguments->quiet, "no progress");
  verb->footer("example: difflm sample runs/poems -n 8 --steps 50 --temperature 0.9");
  verb->callback([arguments] { write_with_progress(*arguments); });
}

}  // namespace difflm
