// Text to tokens and back, as llama.cpp's server has them.
#include "difflm/core/json.h"
#include "difflm/serve/routes.h"

namespace difflm {
namespace {

HttpReply tokenize(Service& service, const HttpCall& call) {
  Fields fields(call.body);
  const auto content = fields.text("content", service.limits().words);
  if (!content) fields.refuse("content", "is missing, expected a text");
  const bool with_pieces = fields.truth("with_pieces").value_or(false);
  const auto model = service.worker(fields).model();
  fields.end();
  Json tokens = Json::array();
  for (const int64_t token : model->encode(*content)) {
    if (with_pieces) {
      tokens.push_back({{"id", token}, {"piece", model->decode({token})}});
    } else {
      tokens.push_back(token);
    }
  }
  return json_reply({{"tokens", std::move(tokens)}});
}

HttpReply detokenize(Service& service, const HttpCall& call) {
  Fields fields(call.body);
  const auto tokens = fields.integers("tokens", service.limits().words);
  if (!tokens) fields.refuse("tokens", "is missing, expected a list of tokens");
  const auto model = service.worker(fields).model();
  fields.end();
  return json_reply({{"content", model->decode(*tokens)}});
}

}  // namespace

void add_token_routes(Router& router, Service& service) {
  router.add("POST", "/tokenize", [&](const HttpCall& call) { return tokenize(service, call); });
  router.add("POST", "/detokenize", [&](const HttpCall& call) { return detokenize(service, call); });
}

}  // namespace difflm
