// What there is: health, models, their properties and the counters.
#include "difflm/core/json.h"
#include "difflm/serve/routes.h"

namespace difflm {
namespace {

Json setting_json(const SettingFacts& setting) {
  Json json = {{"key", setting.key}, {"type", setting.type}, {"default", setting.standard}, {"help", setting.help}};
  if (setting.least) json["least"] = *setting.least;
  if (setting.most) json["most"] = *setting.most;
  if (!setting.choices.empty()) json["choices"] = setting.choices;
  return json;
}

const char* name_of(ModelWorker::State state) {
  switch (state) {
    case ModelWorker::State::opening:
      return "opening";
    case ModelWorker::State::ready:
      return "ready";
    case ModelWorker::State::training:
      return "training";
    case ModelWorker::State::failed:
      return "failed";
  }
  return "";
}

Json model_json(const ModelWorker& worker) {
  Json json = {{"id", worker.name()}, {"object", "model"}, {"owned_by", "difflm"}};
  try {
    const ModelInfo info = worker.info();
    json["kind"] = info.kind;
    json["parameters"] = info.parameters;
    json["vocabulary"] = info.vocabulary;
    json["tokenizer"] = info.tokenizer;
    json["longest"] = info.longest;
    json["steps_trained"] = info.steps;
  } catch (const RequestError& error) {
    if (worker.state() != ModelWorker::State::opening) json["problem"] = error.what();
  }
  json["state"] = name_of(worker.state());
  for (const auto& own : worker.run().classifiers) json["classifiers"].push_back({{"guide", own.guide}, {"example", own.example}});
  return json;
}

HttpReply health(const Service& service) {
  bool writes = false;
  for (const auto& worker : service.workers()) {
    if (worker->state() == ModelWorker::State::training) continue;
    worker->model();  // throws where it is not there yet
    writes = true;
  }
  // Runs without a checkpoint are no reason to wait with the others, unless there are no others.
  for (const auto& worker : service.workers()) {
    if (!writes && worker->run().writes) worker->model();
  }
  return json_reply({{"status", "ok"}});
}

HttpReply models(const Service& service) {
  Json list = Json::array();
  for (const auto& worker : service.workers()) list.push_back(model_json(*worker));
  return json_reply({{"object", "list"}, {"data", std::move(list)}});
}

// What a page needs to offer settings and wishes, with their help.
HttpReply properties(const Service& service) {
  const Catalogue all = catalogue();
  Json sampling = Json::array();
  for (const auto& section : all.sections) {
    if (section.name != "sampling") continue;
    for (const auto& setting : section.settings) sampling.push_back(setting_json(setting));
  }
  Json wishes = Json::array();
  for (const auto& wish : all.wishes) {
    if (wish.guide == "reward" || wish.guide == "fluency") continue;  // service.cpp says why
    wishes.push_back({{"guide", wish.guide}, {"help", wish.help}, {"example", wish.example}});
  }
  Json models = Json::array();
  for (const auto& worker : service.workers()) models.push_back(model_json(*worker));
  const ServeLimits& limits = service.limits();
  return json_reply({{"models", std::move(models)},
                     {"sampling", std::move(sampling)},
                     {"wishes", std::move(wishes)},
                     {"limits",
                      {{"waiting", limits.waiting},
                       {"parallel", limits.parallel},
                       {"body_bytes", limits.body_bytes},
                       {"texts", limits.texts},
                       {"candidates", limits.candidates},
                       {"steps", limits.steps},
                       {"wishes", limits.wishes},
                       {"seconds", limits.seconds}}}});
}

HttpReply metrics(Service& service) {
  std::map<std::string, int64_t> waiting;
  for (const auto& worker : service.workers()) waiting[worker->name()] = worker->waiting();
  return {200, "text/plain; version=0.0.4", service.counters().text(waiting)};
}

}  // namespace

void add_status_routes(Router& router, Service& service) {
  router.add("GET", "/health", [&](const HttpCall&) { return health(service); });
  router.add("GET", "/v1/models", [&](const HttpCall&) { return models(service); });
  router.add("GET", "/props", [&](const HttpCall&) { return properties(service); });
  router.add("GET", "/metrics", [&](const HttpCall&) { return metrics(service); });
}

}  // namespace difflm
