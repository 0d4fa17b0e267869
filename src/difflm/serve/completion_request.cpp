#include "difflm/serve/completion_request.h"

#include <fmt/format.h>

#include "difflm/serve/given_text.h"

namespace difflm {
namespace {

constexpr int64_t kPrompts = 64;
constexpr int64_t kStops = 4;

// Fields that OpenAI's clients send and that change nothing at their neutral value.
void check_neutral(Fields& fields) {
  for (const char* name : {"frequency_penalty", "presence_penalty"}) {
    if (fields.number(name, -2, 2).value_or(0) != 0) fields.refuse(name, "is not supported here, expected 0");
  }
  if (!fields.any("logit_bias").empty()) fields.refuse("logit_bias", "is not supported here; `wishes` steer the words");
  fields.pass_over("user");
}

}  // namespace

CompletionRequest::CompletionRequest(Fields& fields, Service& service) {
  const ServeLimits& limits = service.limits();
  prompts = fields.texts("prompt", kPrompts, limits.words).value_or(std::vector{std::string()});
  if (prompts.empty()) fields.refuse("prompt", "is an empty list, expected a text or a list of texts");
  suffix = fields.text("suffix", limits.words).value_or("");
  count = fields.integer("n", 1, limits.texts).value_or(1);
  if (fields.integer("best_of", 1, limits.texts).value_or(count) != count) fields.refuse("best_of", "has to be n, if it is there");
  max_tokens = fields.integer("max_tokens", 0, limits.words);
  stop = fields.texts("stop", kStops, limits.words).value_or(std::vector<std::string>());
  std::erase(stop, "");
  stream = fields.truth("stream").value_or(false);
  const SortedJson& options = fields.any("stream_options");
  usage_in_stream = options.is_object() && options.value("include_usage", false);
  echo = fields.truth("echo").value_or(false);
  logprobs = fields.integer("logprobs", 0, 5);
  base = service.request(fields);
  base.count = count;
  base.wishes = service.wishes(fields);
  if (const auto top_p = fields.number("top_p", 0, 1)) base.settings.push_back(fmt::format("sampling.top_p={}", *top_p));
  check_neutral(fields);
  fields.end();
  if (max_tokens == 0 && !echo) fields.refuse("max_tokens", "is 0, so there is nothing to do; with echo the prompt is scored");
  if (logprobs && stream) fields.refuse("logprobs", "are of finished texts, expected stream to be false");
}

Request CompletionRequest::of(const std::string& prompt, const Model& model) const {
  Request request = base;
  if (!suffix.empty()) {
    request.wishes.push_back(text_between(prompt, suffix));
  } else if (!prompt.empty()) {
    request.wishes.push_back({"begin", prompt});
  }
  if (max_tokens) request.longest = static_cast<int64_t>(model.encode(prompt).size()) + *max_tokens;
  return request;
}

}  // namespace difflm
