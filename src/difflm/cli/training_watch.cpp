#include "difflm/cli/training_watch.h"

#include <fmt/format.h>

#include <future>
#include <vector>

#include "difflm/cli/serving_session.h"
#include "difflm/core/error.h"
#include "difflm/serve/request_error.h"
#include "difflm/serve/serve.h"

namespace difflm {
namespace {

constexpr int kFirstPort = 8080;
constexpr int kPorts = 20;  // that are tried before any that is free

std::vector<int> ports_to_try(std::optional<int> port) {
  if (port) return {*port};
  std::vector<int> ports;
  for (int next = kFirstPort; next < kFirstPort + kPorts; ++next) ports.push_back(next);
  ports.push_back(0);
  return ports;
}

}  // namespace

TrainingWatch::TrainingWatch(const std::string& folder, std::optional<int> port) {
  ServeOptions options;
  options.runs = {{run_name(folder), folder, false}};
  options.api_key = key_of_environment();
  std::promise<int> taken;
  auto listening = taken.get_future();
  thread_ = std::thread([this, options, ports = ports_to_try(port), promise = std::move(taken)]() mutable {
    for (size_t at = 0; at < ports.size(); ++at) {
      options.port = ports[at];
      try {
        serve(options, stopping_, [&](int own) { promise.set_value(own); });
        return;
      } catch (const RequestError& error) {  // another program has it
        if (at + 1 == ports.size()) promise.set_exception(std::current_exception());
      }
    }
  });
  try {
    address_ = fmt::format("http://{}:{}/", options.host, listening.get());
  } catch (const RequestError& error) {
    thread_.join();
    throw failure("watch", error.what(), "take another port, or 0 for any that is free");
  }
}

TrainingWatch::~TrainingWatch() {
  stopping_ = true;
  thread_.join();
}

}  // namespace difflm
