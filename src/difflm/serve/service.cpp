#include "difflm/serve/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>

#include "difflm/core/json.h"

namespace difflm {
namespace {

constexpr int kClientGone = 499;  // as nginx counts it; nobody reads it

std::string new_id() {
  static std::mutex mutex;
  static std::random_device random;
  const std::lock_guard lock(mutex);
  return fmt::format("{:08x}{:08x}{:08x}", random(), random(), random());
}

uint64_t drawn_seed() {
  static std::mutex mutex;
  static std::random_device random;
  const std::lock_guard lock(mutex);
  return random() >> 1;
}

// Settings that change how a text is written and nothing else: none that names a file or a program, which a request could then read
// or run, and none that decides how much memory a batch takes.
bool may_be_set(const std::string& key) {
  static const std::set<std::string> kSettings = {
      "sampling.steps",      "sampling.temperature", "sampling.top_p",   "sampling.order",   "sampling.remask",
      "sampling.settle",     "sampling.corrections", "sampling.clamp",   "sampling.sampler", "sampling.ddpm.overshoot",
      "sampling.improbable", "sampling.spelling",    "sampling.fluency", "control.rule",     "control.temperature"};
  const bool strength = key.starts_with("control.") && (key.ends_with(".weight") || key.ends_with(".from") || key.ends_with(".to"));
  return strength || kSettings.contains(key);
}

}  // namespace

Service::Service(const ServeOptions& options) : options_(options), report_pass_(options.api_key.empty() ? "" : new_id()) {
  for (const auto& run : options_.runs) workers_.push_back(std::make_unique<ModelWorker>(run, options_, counters_));
}

ModelWorker& Service::worker(const std::string& name) {
  std::string names;
  for (const auto& worker : workers_) {
    if (name.empty() || worker->name() == name) return *worker;
    names += (names.empty() ? "" : ", ") + worker->name();
  }
  throw RequestError(404, fmt::format("there is no model '{}'", name), "model", "there are: " + names);
}

ModelWorker& Service::worker(Fields& fields) { return worker(fields.text("model", limits().words).value_or("")); }

Request Service::request(Fields& fields) {
  Request request;
  request.seed = static_cast<uint64_t>(fields.integer("seed", 0, int64_t{1} << 53).value_or(static_cast<int64_t>(drawn_seed())));
  request.temperature = fields.number("temperature", 0, 100);
  if (request.temperature) request.temperature = std::max(*request.temperature, 1e-3);
  request.steps = fields.integer("steps", 1, limits().steps);
  request.length = fields.integer("length", 1, limits().words);
  request.settings = fields.texts("settings", limits().wishes, limits().words).value_or(std::vector<std::string>());
  for (const auto& setting : request.settings) {
    const std::string key = setting.substr(0, setting.find('='));
    if (!may_be_set(key)) {
      fields.refuse("settings",
                    fmt::format("has '{}', which a request may not set, expected one of sampling or of a wish's strength", key));
    }
  }
  return request;
}

std::vector<Wish> Service::wishes(Fields& fields) {
  std::vector<Wish> wishes;
  for (auto& own : fields.objects("wishes", limits().wishes)) {
    const auto guide = own.text("guide", 64);
    const auto text = own.text("wish", limits().words);
    if (!guide) own.refuse("guide", "is missing, expected the name of a guide such as keywords");
    if (!text) own.refuse("wish", "is missing, expected what the guide reads");
    // These two name a program and a folder.
    if (*guide == "reward" || *guide == "fluency") {
      own.refuse("guide",
                 fmt::format("is {}, which a request may not ask for: it names a program or folder of this machine", *guide));
    }
    own.end();
    wishes.push_back({*guide, *text});
  }
  return wishes;
}

std::shared_ptr<TextJob> Service::begin(ModelWorker& worker, Request request, TextJob::Watch watch, int64_t* before) {
  const auto job = std::make_shared<TextJob>(new_id(), std::move(request), watch);
  const int64_t waiting = worker.submit(job);
  if (before != nullptr) *before = waiting;
  if (watch != TextJob::Watch::steps) return job;
  const std::lock_guard lock(mutex_);
  jobs_[job->id()] = job;
  const auto bytes = [&] {
    int64_t sum = 0;
    for (const auto& [id, own] : jobs_) sum += own->event_bytes();
    return sum;
  };
  while (static_cast<int64_t>(jobs_.size()) > limits().kept_jobs || bytes() > limits().kept_bytes) {
    auto oldest = jobs_.end();
    for (auto at = jobs_.begin(); at != jobs_.end(); ++at) {
      const bool older = oldest == jobs_.end() || at->second->created() < oldest->second->created();
      if (at->second->ended() && older) oldest = at;
    }
    if (oldest == jobs_.end()) break;
    jobs_.erase(oldest);
  }
  return job;
}

std::shared_ptr<TextJob> Service::job(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end())
    throw RequestError(404, fmt::format("there is no text being written as '{}'", id), "", "it may be long finished");
  return found->second;
}

void throw_if_failed(const TextJob& job) {
  if (const auto error = job.error()) throw RequestError(*error);
  if (job.cancelled()) throw RequestError(503, "the request was given up");
}

std::vector<Text> Service::finish(TextJob& job, const HttpCall& call) {
  while (!job.ended()) {
    job.wait(SIZE_MAX, SIZE_MAX, kLook);
    if (job.ended() || !call.client_has_gone || !call.client_has_gone()) continue;
    job.cancel();
    throw RequestError(kClientGone, "the client has gone");
  }
  throw_if_failed(job);
  return job.texts();
}

void Service::stop() {
  for (const auto& worker : workers_) worker->close();
  for (const auto& worker : workers_) worker->drain(std::chrono::seconds(10));
}

}  // namespace difflm
