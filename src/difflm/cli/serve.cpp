// difflm serve RUN [RUN ...] [--port --host --api-key --open]
#include "difflm/serve/serve.h"

#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>

#include "difflm/cli/at_least.h"
#include "difflm/cli/console.h"
#include "difflm/cli/verb.h"
#include "difflm/core/error.h"
#include "difflm/difflm.h"
#include "difflm/serve/guard.h"

namespace difflm {
namespace {

std::atomic<bool> stopping = false;

void stop_serving(int signal) {
  if (stopping.exchange(true)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

// The folder's name, with a number where another run has it already.
std::string name_of(const std::string& folder, std::set<std::string>& taken) {
  const auto path = std::filesystem::path(folder).lexically_normal();
  const std::string own = (path.has_filename() ? path : path.parent_path()).filename().string();
  std::string name = own;
  for (int number = 2; !taken.insert(name).second; ++number) name = fmt::format("{}-{}", own, number);
  return name;
}

void open_in_browser(const std::string& address) {
  const std::string command = fmt::format("xdg-open {} >/dev/null 2>&1 &", address);
  if (std::system(command.c_str()) != 0) print_message("no browser could be opened");  // NOLINT(concurrency-mt-unsafe)
}

struct ServeArguments {
  std::vector<std::string> runs;
  ServeOptions options;
  bool open = false;
};

void serve_runs(ServeArguments& arguments) {
  ServeOptions& options = arguments.options;
  if (options.api_key.empty()) {
    const char* key = std::getenv("DIFFLM_API_KEY");  // NOLINT(concurrency-mt-unsafe): before any thread
    options.api_key = key == nullptr ? "" : key;
  }
  if (!Guard::is_loopback(options.host) && options.api_key.empty()) {
    throw usage_error("host", fmt::format("is {}, which other machines reach, and there is no key", options.host),
                      "set DIFFLM_API_KEY, or serve on 127.0.0.1");
  }
  std::set<std::string> taken;
  for (const auto& run : arguments.runs) {
    const ModelInfo info = describe(run);  // fails early
    if (!info.base.empty()) {
      throw usage_error(run, fmt::format("holds a model of kind {}, which does not write", info.kind));
    }
    options.runs.push_back({name_of(run, taken), run});
  }
  catch_interrupts(stop_serving);
  try {
    serve(options, stopping, [&](int port) {
      const std::string address = fmt::format("http://{}:{}/", options.host == "0.0.0.0" ? "127.0.0.1" : options.host, port);
      for (const auto& run : options.runs) print_message(fmt::format("{}: {}", run.name, run.folder));
      print_message(fmt::format("serving on {}  (Ctrl-C stops)", address));
      if (arguments.open) open_in_browser(address);
    });
  } catch (const RequestError& error) {
    throw failure("port", error.what(), "take another one, or 0 for any that is free");
  }
  release_interrupts(stop_serving);
  print_message("stopped");
}

}  // namespace

void add_serve(CLI::App& app) {
  auto arguments = std::make_shared<ServeArguments>();
  auto* verb = app.add_subcommand("serve", "answer requests for texts over HTTP, on this machine");
  verb->add_option("run", arguments->runs, "run folders; requests call them by the folder's name")->required();
  verb->add_option("-p,--port", arguments->options.port, "the port; 0: any that is free")
      ->capture_default_str()
      ->check(CLI::Range(0, 65535));
  verb->add_option("--host", arguments->options.host, "the address to listen on; others than this machine's need a key")
      ->capture_default_str();
  verb->add_option(
      "--api-key", arguments->options.api_key,
      "a key that requests must have; better in the environment, as DIFFLM_API_KEY, where no list of processes shows it");
  verb->add_option("--parallel", arguments->options.limits.parallel, "texts of waiting requests that are written at once")
      ->capture_default_str()
      ->check(at_least(1));
  verb->add_option("--queue", arguments->options.limits.waiting, "requests per model that may wait; more are refused")
      ->capture_default_str()
      ->check(at_least(0));
  verb->add_option("--timeout", arguments->options.limits.seconds, "seconds after which a request is given up")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  verb->add_option("--set", arguments->options.settings, "a setting of sampling, control or runtime for all models: key=value");
  verb->add_flag("--open", arguments->open, "open the page in a browser");
  verb->footer(
      "example: difflm serve runs/poems, then  curl -s http://127.0.0.1:8080/v1/completions -H 'Content-Type: application/json' -d "
      "'{}'");
  verb->callback([arguments] { serve_runs(*arguments); });
}

}  // namespace difflm
