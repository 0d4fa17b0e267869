// difflm control RUN --keyword pizza --length 14 ...: texts that fulfil wishes, by an unchanged model
#include <memory>

#include "difflm/cli/at_least.h"
#include "difflm/cli/classifier_runs.h"
#include "difflm/cli/verb.h"
#include "difflm/cli/wish_flags.h"
#include "difflm/cli/writing_session.h"
#include "difflm/core/error.h"

namespace difflm {

void add_control(CLI::App& app) {
  auto arguments = std::make_shared<WritingArguments>();
  auto* verb = app.add_subcommand("control", "write texts that fulfil wishes, with a trained diffusion model");
  verb->alias("steer");
  arguments->overrides.add_run_to(*verb, arguments->run, "the run folder")->required();
  for (const auto& wish : wish_flags()) {
    verb->add_option_function<std::vector<std::string>>(
            wish.flag,
            [arguments, guide = wish.guide](const std::vector<std::string>& texts) {
              for (const auto& text : texts) arguments->request.wishes.push_back({guide, text});  // flag by flag
            },
            wish.help)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  add_classifiers(*verb, arguments->request.classifiers);
  verb->add_option("-n,--count", arguments->request.count, "how many texts")->capture_default_str();
  verb->add_option("-s,--seed", arguments->request.seed, "seed; text i of a seed is always the same")
      ->capture_default_str()
      ->check(at_least(0));
  arguments->overrides.add_to(*verb);
  verb->add_option("-o,--output", arguments->output, "write the texts to this file, not to standard output");
  verb->add_option("--trace", arguments->trace, "write every step's texts and log-probabilities to this file, as JSON lines");
  verb->add_flag("--jsonl", arguments->jsonl, "one JSON object per text, with the outcome of each wish");
  verb->add_flag("-q,--quiet", arguments->quiet, "no progress and no count of fulfilled wishes");
  verb->footer(
      "Wishes of any kind and number add up. --set control.keywords.weight=2 --set control.rule=posterior and the like change how\n"
      "strongly each acts; `difflm list guide` and `difflm list rule` show the choices.\n"
      "example: difflm control runs/demo -n 4 --keyword cheese --length 10..16");
  verb->callback([arguments] {
    if (arguments->request.wishes.empty()) {
      throw usage_error("wishes", "there are none", "say what the text should be like, or use `difflm sample`");
    }
    write_with_progress(*arguments);
  });
}

}  // namespace difflm
