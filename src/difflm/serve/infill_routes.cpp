// POST /infill, as editors ask llama.cpp's server for it: the text between a beginning and an end.
#include "difflm/core/json.h"
#include "difflm/serve/given_text.h"
#include "difflm/serve/routes.h"

namespace difflm {
namespace {

HttpReply infill(Service& service, const HttpCall& call) {
  Fields fields(call.body);
  ModelWorker& worker = service.worker(fields);
  const int64_t longest = service.limits().words;
  const std::string before = fields.text("input_prefix", longest).value_or("");
  const std::string after = fields.text("input_suffix", longest).value_or("");
  Request request = service.request(fields);
  request.count = fields.integer("n", 1, service.limits().texts).value_or(1);
  fields.end();
  if (before.empty() && after.empty())
    fields.refuse("input_prefix", "and input_suffix are missing, expected the text around the gap");
  request.wishes.push_back(text_between(before, after));
  const auto job = service.begin(worker, request, TextJob::Watch::texts);
  Json texts = Json::array();
  std::string content;
  for (const auto& text : service.finish(*job, call)) {
    // The gap is what stands between the given words, where the tokenizer gives these back as they are.
    const bool found =
        text.text.starts_with(before) && text.text.ends_with(after) && text.text.size() >= before.size() + after.size();
    const std::string gap = found ? text.text.substr(before.size(), text.text.size() - before.size() - after.size()) : "";
    if (text.index == 0) content = gap;
    texts.push_back({{"text", text.text}, {"content", found ? Json(gap) : Json()}});
  }
  return json_reply({{"content", content}, {"model", worker.name()}, {"seed", request.seed}, {"texts", std::move(texts)}});
}

}  // namespace

void add_infill_routes(Router& router, Service& service) {
  router.add("POST", "/infill", [&](const HttpCall& call) { return infill(service, call); });
}

}  // namespace difflm
