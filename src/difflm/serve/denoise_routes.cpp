// Texts that are watched while they appear: POST /v1/denoise begins one and sends its steps as events, GET .../events?from=N sends
// them again from any of them on, DELETE gives it up, and POST /v1/steer changes its wishes on the way. POST /v1/words says what
// else could stand at one place.
#include <fmt/format.h>

#include "difflm/core/json.h"
#include "difflm/serve/routes.h"

namespace difflm {
namespace {

const char* name_of(TextJob::State state) {
  switch (state) {
    case TextJob::State::waiting:
      return "waiting";
    case TextJob::State::running:
      return "running";
    case TextJob::State::finished:
      return "finished";
    case TextJob::State::failed:
      return "failed";
    case TextJob::State::cancelled:
      return "cancelled";
  }
  return "";
}

bool lasts(const Wish& wish) {
  return wish.guide == "infill" || wish.guide == "begin" || wish.guide == "length" || wish.guide == "label";
}

// Sends the events of `job` from number `from` on, until it has ended. A client that goes away leaves the job alone: it may come
// back, and if it does not, the job is given up (ServeLimits::patience).
void follow(const std::shared_ptr<TextJob>& job, size_t from, const WritePart& out) {
  job->follow();
  bool connected = true;
  while (connected) {
    job->wait(SIZE_MAX, from, kLook);
    const bool ended = job->ended();
    for (const auto& event : job->events(from)) connected = connected && out(event_lines(event, static_cast<int64_t>(from++)));
    connected = connected && out("");
    if (ended && job->events(from).empty()) break;
  }
  if (connected && !job->error() && job->cancelled()) out(event_lines(R"({"event": "cancelled"})", static_cast<int64_t>(from)));
  if (const auto error = job->error()) {
    Json event = {{"event", "error"}};
    event.update(error->to_json());
    out(event_lines(to_text_replacing(event), static_cast<int64_t>(from)));
  }
  job->leave();
}

// {"tokens": [...], "kept": [...], "noise": 0.5}; nothing where it is not there.
std::optional<StartText> start_of(Fields& fields, const ServeLimits& limits) {
  auto own = fields.object("start");
  if (!own) return std::nullopt;
  StartText start;
  start.tokens = own->integers("tokens", limits.words).value_or(std::vector<int64_t>());
  for (const int64_t kept : own->integers("kept", limits.words).value_or(std::vector<int64_t>())) start.kept.push_back(kept != 0);
  start.noise = own->number("noise", 0, 1).value_or(1);
  own->end();
  return start;
}

// The most probable words at one position of a text, and what each wish makes of them.
HttpReply likeliest(Service& service, const HttpCall& call) {
  Fields fields(call.body);
  const auto model = service.worker(fields).model();
  const auto tokens = fields.integers("tokens", service.limits().words);
  if (!tokens) fields.refuse("tokens", "is missing, expected those of a text");
  const auto place = fields.integer("place", 0, service.limits().words);
  if (!place) fields.refuse("place", "is missing, expected the place of a token, counted from 0");
  const auto count = fields.integer("count", 1, 100).value_or(10);
  const auto wishes = service.wishes(fields);
  fields.end();
  Json words = Json::array();
  for (const auto& word : model->likeliest(*tokens, *place, count, wishes)) {
    Json json = {{"text", word.text}, {"token", word.token}, {"probability", word.probability}};
    for (const auto& pull : word.pulls) json["pulls"].push_back(pull ? Json(*pull) : Json());
    words.push_back(std::move(json));
  }
  return json_reply({{"words", std::move(words)}});
}

HttpReply denoise(Service& service, const HttpCall& call) {
  Fields fields(call.body);
  ModelWorker& worker = service.worker(fields);
  Request request = service.request(fields);
  request.count = fields.integer("candidates", 1, service.limits().candidates).value_or(1);
  request.wishes = service.wishes(fields);
  const auto infill = fields.text("infill", service.limits().words);
  if (infill && !infill->empty()) request.wishes.push_back({"infill", *infill});
  request.start = start_of(fields, service.limits());
  fields.end();
  request.may_steer = worker.info().kind == "diffusion";
  int64_t before = 0;
  const uint64_t seed = request.seed;
  const auto job = service.begin(worker, std::move(request), TextJob::Watch::steps, &before);
  // What is wrong with the request shows when it begins. Where nobody is before it, that is at once, and a reply of its own.
  if (before == 0) {
    while (job->state() == TextJob::State::waiting || (job->state() == TextJob::State::running && job->events(0).empty())) {
      if (call.client_has_gone()) job->cancel();
      job->wait(0, 0, kLook);
    }
    if (job->error()) throw_if_failed(*job);
  }
  const Json begin = {{"event", "begin"}, {"id", job->id()}, {"model", worker.name()}, {"seed", seed}, {"before", before}};
  return event_reply([job, begin](const WritePart& out) {
    out(event_lines(to_text_replacing(begin)));
    follow(job, 0, out);
  });
}

HttpReply events(Service& service, const HttpCall& call) {
  const auto job = service.job(call.matched.at(0));
  size_t from = 0;
  if (const auto asked = call.query.find("from"); asked != call.query.end()) {
    const std::string& number = asked->second;
    if (number.empty() || number.size() > 9 || number.find_first_not_of("0123456789") != std::string::npos) {
      throw RequestError(400, fmt::format("from is '{}', expected the number of an event", number), "from");
    }
    from = static_cast<size_t>(std::stoul(number));
  }
  return event_reply([job, from](const WritePart& out) { follow(job, from, out); });
}

HttpReply give_up(Service& service, const HttpCall& call) {
  const auto job = service.job(call.matched.at(0));
  job->cancel();
  return json_reply({{"id", job->id()}, {"state", name_of(job->state())}});
}

HttpReply steer(Service& service, const HttpCall& call) {
  Fields fields(call.body);
  const auto id = fields.text("id", 64);
  if (!id) fields.refuse("id", "is missing, expected that of the event \"begin\"");
  const auto job = service.job(*id);
  // What a text has had from the start stays; only wishes that pull at words come and go.
  std::vector<Wish> wishes;
  for (const auto& wish : job->request().wishes) {
    if (lasts(wish)) wishes.push_back(wish);
  }
  for (auto& wish : service.wishes(fields)) {
    if (!lasts(wish)) wishes.push_back(std::move(wish));
  }
  fields.end();
  if (job->ended()) throw RequestError(409, "the text is finished, and no wish can change it", "id");
  job->steer(std::move(wishes));
  return json_reply({{"id", job->id()}, {"state", name_of(job->state())}});
}

}  // namespace

void add_denoise_routes(Router& router, Service& service) {
  router.add("POST", "/v1/denoise", [&](const HttpCall& call) { return denoise(service, call); });
  router.add("GET", "/v1/denoise/*/events", [&](const HttpCall& call) { return events(service, call); });
  router.add("DELETE", "/v1/denoise/*", [&](const HttpCall& call) { return give_up(service, call); });
  router.add("POST", "/v1/words", [&](const HttpCall& call) { return likeliest(service, call); });
  router.add("POST", "/v1/steer", [&](const HttpCall& call) { return steer(service, call); });
}

}  // namespace difflm
