// difflm serve RUN [RUN ...] [--port --host --api-key --open]
#include <memory>

#include "difflm/cli/at_least.h"
#include "difflm/cli/serving_session.h"
#include "difflm/cli/verb.h"

namespace difflm {

void add_serve(CLI::App& app) {
  auto arguments = std::make_shared<ServeArguments>();
  auto* verb = app.add_subcommand("serve", "answer requests for texts over HTTP, on this machine");
  verb->add_option("run", arguments->runs, "run folders; requests call them by the folder's name; a classifier serves the model that it reads")->required();
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
  verb->callback([arguments] { serve_with_messages(*arguments); });
}

}  // namespace difflm
