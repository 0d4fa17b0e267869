// difflm train CONFIG.toml [key=value ...] -o RUN
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "difflm/cli/catalogue.h"
#include "difflm/cli/console.h"
#include "difflm/cli/verb.h"
#include "difflm/cli/words.h"
#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/sampling/generate.h"
#include "difflm/training/run_setup.h"

namespace difflm {
namespace {

struct TrainArguments {
  std::vector<std::string> words;  // config files and key=value, in order
  std::string output;
};

Config read_configuration(const TrainArguments& arguments) {
  Config config;
  bool any_file = false;
  for (const auto& word : arguments.words) {
    if (word.find('=') == std::string::npos) {
      config.read_file(word);
      any_file = true;
    }
  }
  const std::string own = arguments.output + "/config.toml";
  if (!any_file && std::filesystem::exists(own)) config.read_file(own);
  for (const auto& word : arguments.words) {
    if (word.find('=') != std::string::npos) config.read_override(word);
  }
  return resolve(config);
}

// A few samples of the model in training, for the log.
std::string sample_in_training(const TrainJob& job, int64_t step) {
  Run run;
  run.config = job.config;
  run.tokenizer = job.data.tokenizer;
  run.packing = packings().make(read_options<DataOptions>(job.config, "data").packing, job.config);
  run.model = job.model;
  run.data = job.data.facts;
  run.length = read_options<DataOptions>(job.config, "data").length;
  SampleRequest request;
  request.count = 4;
  std::string text;
  for (const auto& sample : generate(run, read_options<SamplingOptions>(job.config, "sampling"), request)) text += sample.text + "\n";
  make_folder(job.folder + "/samples");
  replace_file_with_text(fmt::format("{}/samples/step-{:07}.txt", job.folder, step), text);
  return text;
}

std::string validation_line(int64_t step, const ValidationLoss& loss) {
  std::string line = fmt::format("step {:>7}  validation loss {:.4f}", step, loss.loss);
  std::string model;
  std::string free;
  for (const auto& [name, value] : loss.values) {
    if (name.starts_with("cross_entropy_u")) model += fmt::format(" {:.2f}", value);
    if (name.starts_with("context_free_u")) free += fmt::format(" {:.2f}", value);
  }
  if (!model.empty()) line += fmt::format("\n      cross-entropy by noise level {}\n      each token seen alone        {}", model, free);
  return line;
}

void run_train(const TrainArguments& arguments) {
  const Config config = read_configuration(arguments);
  make_folder(arguments.output);
  const FolderLock lock(arguments.output);
  const TrainJob job = set_up_run(config, arguments.output, say);
  if (has_checkpoint(arguments.output)) say("resuming from the checkpoint in " + arguments.output);

  const InterruptGuard interrupt;
  ProgressLine progress;
  TrainEvents events;
  events.on_step = [&](const TrainEvents::Step& step) { progress.show(progress_text(step)); };
  events.on_validation = [&](int64_t step, const ValidationLoss& loss) { say(validation_line(step, loss)); };
  events.on_sample = [&](int64_t step) {
    const std::string text = sample_in_training(job, step);
    say("      sample: " + text.substr(0, text.find('\n')));
    return text;
  };
  events.stop = [&] { return interrupt.interrupted(); };
  const TrainOutcome outcome = train(job, events);
  progress.clear();
  const auto& done = outcome.progress;
  if (outcome.end == TrainOutcome::End::interrupted) {
    say(fmt::format("stopped at step {}; the checkpoint is saved, the same command goes on from it", done.step));
    throw Interrupted{};
  }
  say(fmt::format("{} after {} steps, {} of training, {:.2f} million tokens; best validation loss {:.4f} at step {}",
                  outcome.end == TrainOutcome::End::early_stopped ? "stopped early" : "finished", done.step, duration(done.seconds),
                  static_cast<double>(done.tokens) / 1e6, done.best_loss, done.best_step));
  say("now try: difflm sample " + arguments.output);
}

}  // namespace

void add_train(CLI::App& app) {
  auto arguments = std::make_shared<TrainArguments>();
  auto* verb = app.add_subcommand("train", "train a model; on a folder that holds a run, go on with it");
  verb->add_option("config", arguments->words, "config files (later ones win) and key=value overrides; `difflm list` shows all keys");
  verb->add_option("-o,--output", arguments->output, "the run folder")->required();
  verb->footer("example: difflm train configs/difflm.toml data.path=poems.txt train.minutes=10 -o runs/poems");
  verb->callback([arguments] { run_train(*arguments); });
}

}  // namespace difflm
