// Runs in training, watched while it happens: GET /v1/training lists them, /v1/training/NAME?from=N says how far one is, what it
// has logged from N on, its newest samples and the pages about it, which GET /reports/NAME/K sends.
//
// A client asks again every two seconds or so, with the `next` and `log` of the last answer. So an answer has a bound, and neither
// end has to remember the other.
#include <fmt/format.h>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/serve/growing_log.h"
#include "difflm/serve/guard.h"
#include "difflm/serve/routes.h"
#include "difflm/serve/run_reports.h"
#include "difflm/serve/training_progress.h"

namespace difflm {
namespace {

constexpr int64_t kRecordBytes = 1 << 18;  // of metrics in an answer,
constexpr int64_t kSampleBytes = 1 << 16;  // of samples,
constexpr size_t kSamples = 10;            // and these are from so many steps at most

// Scripts of a report run, but as those of a site of their own that can ask nobody for anything.
constexpr const char* kReportPolicy =
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// A number of a query or path of at most 15 digits.
int64_t number_of(const std::string& text, const std::string& field, const std::string& expected) {
  if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos) {
    throw RequestError(400, fmt::format("{} is '{}', expected {}", field, text, expected), field);
  }
  return std::stoll(text);
}

Json or_null(const auto& value) { return value ? Json(*value) : Json(nullptr); }

Json progress_json(const ServedRun& run, const TrainingProgress& progress) {
  return {{"id", run.name},
          {"object", "training"},
          {"state", name_of(progress.state)},
          {"ends_with_server", !run.writes},
          {"logged", progress.logged},
          {"step", progress.step},
          {"steps", progress.steps > 0 ? Json(progress.steps) : Json(nullptr)},
          {"minutes", progress.minutes > 0 ? Json(progress.minutes) : Json(nullptr)},
          {"share", progress.share},
          {"seconds", progress.seconds},
          {"seconds_left", or_null(progress.seconds_left())},
          {"tokens_per_second", or_null(progress.tokens_per_second)},
          {"checkpoint", or_null(progress.checkpoint)},
          {"best_loss", or_null(progress.best_loss)},
          {"best_step", progress.best_step < 0 ? Json(nullptr) : Json(progress.best_step)}};
}

HttpReply trainings(const Service& service) {
  Json list = Json::array();
  for (const auto& worker : service.workers()) {
    list.push_back(progress_json(worker->run(), read_training_progress(worker->run().folder)));
  }
  return json_reply({{"object", "list"}, {"data", std::move(list)}});
}

Json samples_json(const std::string& folder) {
  auto samples = last_lines(samples_path(folder), kSampleBytes);
  if (samples.size() > kSamples) samples.erase(samples.begin(), samples.end() - kSamples);
  return samples;
}

// A browser that opens a link sends no key with it. So the link has a pass of its own, good for reports alone, and for as long as
// the server runs.
std::string report_link(const Service& service, const std::string& run, size_t number) {
  const std::string& pass = service.report_pass();
  return fmt::format("/reports/{}/{}{}", percent_encoded(run), number, pass.empty() ? "" : "?pass=" + pass);
}

HttpReply training(Service& service, const HttpCall& call) {
  const ServedRun& run = service.worker(call.matched.at(0)).run();
  const auto from = call.query.find("from");
  const auto log = call.query.find("log");
  const int64_t begin = from == call.query.end() ? 0 : number_of(from->second, "from", "`next` of an earlier answer");
  const TrainingProgress progress = read_training_progress(run.folder);
  const LogPart part = read_log(metrics_path(run.folder), begin, log == call.query.end() ? "" : log->second, kRecordBytes);
  Json json = progress_json(run, progress);
  json["log"] = part.log;
  json["from"] = part.from;
  json["next"] = part.next;
  json["more"] = part.more;
  json["records"] = part.lines;
  json["samples"] = samples_json(run.folder);
  json["reports"] = Json::array();
  const auto reports = reports_of(run.folder);
  for (size_t number = 0; number < reports.size(); ++number) {
    json["reports"].push_back({{"title", reports[number].title}, {"href", report_link(service, run.name, number)}});
  }
  const bool told_all = progress.state != TrainingProgress::State::running && !part.more;
  if (!run.writes) service.audience().tell(!told_all);
  HttpReply reply = json_reply(json);
  reply.headers.emplace_back("Cache-Control", "no-store");
  return reply;
}

HttpReply report(Service& service, const HttpCall& call) {
  const auto pass = call.query.find("pass");
  if (!service.report_pass().empty() && (pass == call.query.end() || !same_secret(pass->second, service.report_pass()))) {
    throw RequestError(401, "the pass is missing or wrong", "pass", "GET /v1/training/NAME has links to the reports of a run");
  }
  const auto reports = reports_of(service.worker(call.matched.at(0)).run().folder);
  const int64_t number = number_of(call.matched.at(1), "report", "the number of a report");
  if (number >= static_cast<int64_t>(reports.size())) {
    throw RequestError(404, fmt::format("{} has {} reports, and none is number {}", call.matched.at(0), reports.size(), number));
  }
  try {
    return {200,
            "text/html; charset=utf-8",
            read_text_file(reports[static_cast<size_t>(number)].path),
            {},
            {{"Content-Security-Policy", kReportPolicy}, {"Cache-Control", "no-store"}}};
  } catch (const Error&) {
    throw RequestError(404, "the report has gone");
  }
}

}  // namespace

void add_training_routes(Router& router, Service& service) {
  router.add("GET", "/v1/training", [&](const HttpCall&) { return trainings(service); });
  router.add("GET", "/v1/training/*", [&](const HttpCall& call) { return training(service, call); });
  router.add("GET", "/reports/*/*", [&](const HttpCall& call) { return report(service, call); });
}

}  // namespace difflm
