// difflm eval RUN [-n N --steps S] | difflm eval --samples F.jsonl --reference CORPUS, each with [--json FILE]
#include <memory>

#include "difflm/cli/classifier_runs.h"
#include "difflm/cli/evaluation_session.h"
#include "difflm/cli/sample_overrides.h"
#include "difflm/cli/verb.h"
#include "difflm/core/error.h"

namespace difflm {
namespace {

struct EvalArguments {
  EvaluationRequest request;
  SampleOverrides overrides;
  bool no_judge = false;
  std::string json;
  std::string keep;
};

void run_eval(const EvalArguments& arguments) {
  EvaluationRequest request = arguments.request;
  if (request.run.empty() == request.texts_file.empty()) {
    throw usage_error("eval", "expected either a run folder or --samples with --reference", "see `difflm eval --help`");
  }
  if (request.run.empty() && request.reference.empty()) throw usage_error("eval", "--samples needs --reference CORPUS");
  request.settings = arguments.overrides.settings();
  request.use_judge = !arguments.no_judge;
  evaluate_with_progress(request, arguments.json, arguments.keep);
}

}  // namespace

void add_eval(CLI::App& app) {
  auto arguments = std::make_shared<EvalArguments>();
  auto* verb = app.add_subcommand("eval", "judge texts against held-out text and against nonsense");
  arguments->overrides.add_run_to(*verb, arguments->request.run, "a run folder to sample from");
  verb->add_option("--samples", arguments->request.texts_file,
                   "or texts from a file, read as a corpus is: JSON lines, CSV, plain text");
  verb->add_option("--reference", arguments->request.reference,
                   "with --samples: the corpus they should resemble, or a prepared folder");
  verb->add_option("-n,--count", arguments->request.count, "texts to sample")->capture_default_str();
  verb->add_option("-s,--seed", arguments->request.seed, "seed of the samples")->capture_default_str();
  arguments->overrides.add_to(*verb);
  verb->add_option("--judge", arguments->request.judge,
                   "an autoregressive run as judge; without it one is trained once and cached");
  verb->add_flag("--no-judge", arguments->no_judge, "leave judge perplexity out");
  verb->add_option("--json", arguments->json, "write all figures to this file");
  verb->add_option("--keep", arguments->keep, "write the texts to this file, as JSON lines");
  verb->add_option(
      "--control", arguments->request.tasks,
      "how well the model is steered: tasks from a .jsonl file, or drawn from held-out texts: attribute, keywords, length,\n"
      "part-of-speech, span, tree, infill, joined by commas, or by + within one text (attribute+length)");
  add_classifiers(*verb, arguments->request.classifiers);
  verb->add_option("--attribute-judge", arguments->request.attribute_judge,
                   "for attributes that no rule can judge: a corpus of other texts with the same fields, to learn from");
  verb->add_option("--targets", arguments->request.targets, "with --control: tasks of each kind")->capture_default_str();
  verb->add_option("--per-target", arguments->request.per_target, "with --control: texts of each task")->capture_default_str();
  verb->footer("example: difflm eval runs/poems -n 1000 --steps 50 --json runs/poems/eval.json");
  verb->callback([arguments] { run_eval(*arguments); });
}

}  // namespace difflm
