#include "difflm/cli/serving_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "difflm/cli/console.h"
#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/difflm.h"
#include "difflm/model/run_folder.h"
#include "difflm/serve/guard.h"
#include "difflm/serve/request_error.h"
#include "difflm/serve/serve.h"

namespace difflm {
namespace {

std::atomic<bool> stopping = false;

void stop_serving(int signal) {
  if (stopping.exchange(true)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

// With a number where another run has the name already.
std::string name_of(const std::string& folder, std::set<std::string>& taken) {
  const std::string own = run_name(folder);
  std::string name = own;
  for (int number = 2; !taken.insert(name).second; ++number) name = fmt::format("{}-{}", own, number);
  return name;
}

// A run in training may have no checkpoint yet, and then nothing is known of it.
ModelInfo info_of_served(const std::string& run) {
  if (is_run(run) || !is_locked(run)) return describe(run);
  print_message(run + ": in training, without a checkpoint yet; its texts can be had as soon as there is one");
  return {};
}

// Gives a classifier to the model whose texts it reads. Throws a usage error where that is not served.
void add_classifier(const std::string& folder, const ModelInfo& info, std::vector<ServedRun>& runs) {
  const auto same = [&](const ServedRun& run) {
    return std::filesystem::weakly_canonical(run.folder) == std::filesystem::weakly_canonical(info.base);
  };
  const auto found = std::find_if(runs.begin(), runs.end(), same);
  if (found == runs.end()) {
    throw usage_error(folder,
                      fmt::format("holds a model of kind {}, which does not write but reads the texts of {}", info.kind, info.base),
                      fmt::format("serve both: difflm serve {} {}", info.base, folder));
  }
  found->classifiers.push_back({info.guide, folder, info.wish});
  if (info.guide == "span") found->classifiers.push_back({"tree", folder, ""});
}

void open_in_browser(const std::string& address) {
  const std::string command = fmt::format("xdg-open {} >/dev/null 2>&1 &", address);
  if (std::system(command.c_str()) != 0) print_message("no browser could be opened");  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace

std::string run_name(const std::string& folder) {
  const auto path = std::filesystem::absolute(folder).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

std::string key_of_environment() {
  const char* key = std::getenv("DIFFLM_API_KEY");  // NOLINT(concurrency-mt-unsafe): before any thread
  return key == nullptr ? "" : key;
}

void serve_with_messages(ServeArguments arguments) {
  ServeOptions& options = arguments.options;
  if (options.api_key.empty()) options.api_key = key_of_environment();
  if (!Guard::is_loopback(options.host) && options.api_key.empty()) {
    throw usage_error("host", fmt::format("is {}, which other machines reach, and there is no key", options.host),
                      "set DIFFLM_API_KEY, or serve on 127.0.0.1");
  }
  std::set<std::string> taken;
  std::vector<std::pair<std::string, ModelInfo>> classifiers;
  for (const auto& run : arguments.runs) {
    ModelInfo info = info_of_served(run);
    if (info.base.empty()) {
      options.runs.push_back({name_of(run, taken), run});
    } else {
      classifiers.emplace_back(run, std::move(info));
    }
  }
  for (const auto& [folder, info] : classifiers) add_classifier(folder, info, options.runs);
  catch_interrupts(stop_serving);
  try {
    serve(options, stopping, [&](int port) {
      const std::string address = fmt::format("http://{}:{}/", options.host == "0.0.0.0" ? "127.0.0.1" : options.host, port);
      for (const auto& run : options.runs) {
        print_message(fmt::format("{}: {}", run.name, run.folder));
        for (const auto& own : run.classifiers) print_message(fmt::format("  {} by {}", own.guide, own.folder));
      }
      print_message(fmt::format("serving on {}  (Ctrl-C stops)", address));
      if (arguments.open) open_in_browser(address);
    });
  } catch (const RequestError& error) {
    throw failure("port", error.what(), "take another one, or 0 for any that is free");
  }
  release_interrupts(stop_serving);
  print_message("stopped");
}

}  // namespace difflm
