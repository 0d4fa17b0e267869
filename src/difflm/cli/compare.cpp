// difflm compare EXPERIMENT.toml [key=value ...] -o DIR | plan EXPERIMENT.toml -o DIR | run DIR ADDRESS | collect DIR
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "difflm/cli/comparison_session.h"
#include "difflm/cli/configuration.h"
#include "difflm/cli/console.h"
#include "difflm/cli/verb.h"
#include "difflm/comparison/report.h"
#include "difflm/core/error.h"
#include "difflm/core/files.h"

namespace difflm {
namespace {

struct CompareArguments {
  ComparisonRequest request;
  std::string folder;
  std::string address;
  int64_t jobs = 1;
  int64_t threads = 0;
  bool dry = false;
};

// Two processes that plan and make runs in one folder would undo each other's files.
FolderLock lock_of(const std::string& folder) {
  make_folder(folder);
  FolderLock lock(folder,
                  [&] { print_message(folder + ": another `difflm compare` is at work here; waiting until it is done"); });
  if (!lock.is_held()) print_message(unlocked_note(folder));
  return lock;
}

void show_answers(const std::string& folder) {
  for (const auto& line : write_report(ExperimentFolder(folder))) fmt::print("{}\n", line);
  print_message("the whole page: " + folder + "/report.html");
}

void run_compare(const CompareArguments& arguments) {
  if (arguments.request.experiment.empty())
    throw usage_error("compare", "expected an experiment file", "see `difflm compare --help`");
  if (arguments.folder.empty()) throw usage_error("compare", "expected a folder for the results, -o DIR");
  const Plan plan = make_plan(arguments.request);
  const ExperimentFolder folder(arguments.folder);
  if (arguments.dry) {
    fmt::print("{}", dry_run(plan, folder));
    return;
  }
  const FolderLock lock = lock_of(arguments.folder);
  folder.write(plan);
  const int64_t failed = make_missing_runs(plan, folder, arguments.jobs);
  show_answers(arguments.folder);
  if (failed > 0)
    throw failure("compare", fmt::format("{} of {} runs failed", failed, plan.runs.size()), "the report says which and why");
}

void print_plan(const CompareArguments& arguments) {
  const Plan plan = make_plan(arguments.request);
  const ExperimentFolder folder(arguments.folder);
  const FolderLock lock = lock_of(arguments.folder);
  folder.write(plan);
  for (const auto& run : plan.runs) {
    if (!folder.is_done(run, plan.experiment)) fmt::print("{}\n", fmt::join(run_command(run, folder), " "));
  }
}

void add_experiment_options(CLI::App& verb, CompareArguments& arguments) {
  const auto sort = [&arguments](const std::vector<std::string>& words) {
    auto& request = arguments.request;
    for (const auto& word : words) {
      if (request.experiment.empty() && !is_setting(word)) {
        request.experiment = word;
      } else {
        request.overrides.push_back(word);
      }
    }
  };
  verb.add_option_function<std::vector<std::string>>(
      "experiment", sort,
      "an experiment file (docs/comparison.md describes it), and key=value for every run, for instance data.path=FILE");
  verb.add_option("-o,--output", arguments.folder, "the folder of the results");
  verb.add_flag("--smoke", arguments.request.smoke, "the experiment's tiny size: shows that everything runs, nothing else");
}

}  // namespace

void add_compare(CLI::App& app) {
  auto arguments = std::make_shared<CompareArguments>();
  auto* verb = app.add_subcommand("compare", "run an experiment: variants x seeds, statistics, a report");
  add_experiment_options(*verb, *arguments);
  verb->add_option("-j,--jobs", arguments->jobs, "runs at a time, which share the cores")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
  verb->add_flag("--dry-run", arguments->dry, "only print what would be run");
  verb->require_subcommand(0, 1);
  verb->footer(
      "Runs are known by configuration, corpus and code: only missing ones are made. After a stop, run the same command again.\n"
      "example: difflm compare experiments/rounding/experiment.toml data.path='e2e/*.csv' -o runs/rounding\n"
      "elsewhere: difflm compare plan EXPERIMENT.toml -o DIR | parallel     then: difflm compare collect DIR");

  auto* plan =
      verb->add_subcommand("plan", "print one command per line for every missing run, for GNU parallel, xargs or a batch system");
  add_experiment_options(*plan, *arguments);
  auto* one = verb->add_subcommand("run", "make one planned run in this process");
  one->add_option("folder", arguments->folder, "the folder of the experiment")->required();
  one->add_option("address", arguments->address, "the run")->required();
  one->add_option("-t,--threads", arguments->threads, "CPU threads; 0: as configured")->check(CLI::Range(0, 4096));
  auto* collect = verb->add_subcommand("collect", "gather what is finished and write the report");
  collect->add_option("folder", arguments->folder, "the folder of the experiment")->required();

  verb->callback([verb, arguments] {
    if (verb->get_subcommands().empty()) run_compare(*arguments);
  });
  plan->callback([arguments] {
    if (arguments->request.experiment.empty() || arguments->folder.empty())
      throw usage_error("compare plan", "expected EXPERIMENT.toml and -o DIR");
    print_plan(*arguments);
  });
  one->callback([arguments] { make_run(ExperimentFolder(arguments->folder), arguments->address, arguments->threads); });
  collect->callback([arguments] { show_answers(arguments->folder); });
}

void add_report(CLI::App& app) {
  auto folder = std::make_shared<std::string>();
  auto* verb = app.add_subcommand("report", "write the report of an experiment again");
  verb->add_option("folder", *folder, "the folder of the experiment")->required();
  verb->callback([folder] { show_answers(*folder); });
}

}  // namespace difflm
