// POST /v1/completions, as OpenAI's clients ask and read it. A diffusion model finishes all words of a text together, so a stream
// of its texts has one part per text; an autoregressive model's has one per token.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "difflm/core/json.h"
#include "difflm/serve/completion_request.h"
#include "difflm/serve/routes.h"

namespace difflm {
namespace {

struct Completion {
  std::string text;
  std::string reason;  // why it ends: "stop" or "length"
  int64_t tokens = 0;  // beyond the prompt
};

// `text` without the prompt that it begins with.
std::string beyond(const std::string& text, const std::string& prompt, const Model& model) {
  if (text.starts_with(prompt)) return text.substr(prompt.size());
  const std::string spelled = model.decode(model.encode(prompt));
  return text.starts_with(spelled) ? text.substr(spelled.size()) : text;
}

Completion completion_of(const Text& text, const std::string& prompt, const CompletionRequest& request, const Model& model) {
  const auto of_prompt = static_cast<int64_t>(prompt.empty() ? 0 : model.encode(prompt).size());
  Completion own = {beyond(text.text, prompt, model), "stop", std::max<int64_t>(0, text.tokens - of_prompt)};
  if (request.max_tokens && own.tokens >= *request.max_tokens) own.reason = "length";
  size_t end = std::string::npos;
  for (const auto& stop : request.stop) end = std::min(end, own.text.find(stop));
  if (end != std::string::npos) {
    own.text.resize(end);
    own.reason = "stop";
  }
  if (request.echo) own.text = prompt + own.text;
  return own;
}

// The tokens of a text with their exact log-probabilities, in the form of OpenAI's "logprobs".
Json logprobs_of(const std::string& text, const Model& model) {
  Json tokens = Json::array();
  Json values = Json::array();
  Json tops = Json::array();
  Json offsets = Json::array();
  size_t offset = 0;
  for (const auto& scored : model.score(text)) {
    tokens.push_back(scored.text);
    values.push_back(scored.log_probability);
    tops.push_back({{scored.likeliest, scored.likeliest_log_probability}, {scored.text, scored.log_probability}});
    offsets.push_back(offset);
    offset += scored.text.size();
  }
  return {{"tokens", std::move(tokens)},
          {"token_logprobs", std::move(values)},
          {"top_logprobs", std::move(tops)},
          {"text_offset", std::move(offsets)}};
}

Json heading(const std::string& id, const std::string& model, uint64_t seed) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return {{"id", "cmpl-" + id}, {"object", "text_completion"}, {"created", now}, {"model", model}, {"seed", seed}};
}

Json usage_json(int64_t prompt, int64_t written) {
  return {{"prompt_tokens", prompt}, {"completion_tokens", written}, {"total_tokens", prompt + written}};
}

Json choice_json(int64_t index, const std::string& text, const Json& reason, Json logprobs = nullptr) {
  return {{"text", text}, {"index", index}, {"logprobs", std::move(logprobs)}, {"finish_reason", reason}};
}

// One prompt on its way. `first` is the index of its first choice.
struct Asked {
  std::string prompt;
  std::shared_ptr<TextJob> job;
  int64_t first = 0;
};

// The prompts of one call. Where it ends early, whatever the reason, nobody waits for their texts any more.
struct AskedTexts {
  AskedTexts() = default;
  AskedTexts(const AskedTexts&) = delete;
  AskedTexts& operator=(const AskedTexts&) = delete;
  ~AskedTexts() {
    for (const auto& own : all) {
      if (own.job) own.job->cancel();  // nothing, where it has ended
    }
  }
  std::vector<Asked> all;
};

HttpReply reply_at_once(const CompletionRequest& request, ModelWorker& worker, const std::vector<Asked>& asked,
                        const HttpCall& call, Service& service) {
  const auto held = worker.model();
  const Model& model = *held;
  Json choices = Json::array();
  int64_t prompt_tokens = 0;
  int64_t written = 0;
  std::string id = "echo";
  for (const auto& own : asked) {
    prompt_tokens += static_cast<int64_t>(model.encode(own.prompt).size());
    if (!own.job) {  // only the prompt is asked for
      choices.push_back(choice_json(own.first, own.prompt, "length", request.logprobs ? logprobs_of(own.prompt, model) : Json()));
      continue;
    }
    id = own.job->id();
    for (const auto& text : service.finish(*own.job, call)) {
      const Completion done = completion_of(text, own.prompt, request, model);
      written += done.tokens;
      Json logprobs = request.logprobs ? logprobs_of(request.echo ? done.text : own.prompt + done.text, model) : Json();
      choices.push_back(choice_json(own.first + text.index, done.text, done.reason, std::move(logprobs)));
    }
  }
  Json json = heading(id, worker.name(), request.base.seed);
  json["choices"] = std::move(choices);
  json["usage"] = usage_json(prompt_tokens, written);
  return json_reply(json);
}

// What may be sent of a text that is still being written: nothing that a stop could take back, and no half character.
std::string safe_part(std::string text, const std::vector<std::string>& stops) {
  constexpr std::string_view kHalf = "\xEF\xBF\xBD";
  while (text.ends_with(kHalf)) text.resize(text.size() - kHalf.size());
  size_t held = 0;
  for (const auto& stop : stops) held = std::max(held, stop.size() - 1);
  text.resize(text.size() - std::min(held, text.size()));
  return text;
}

// Writes the parts of a stream, in the order in which they come to be.
class CompletionStream {
 public:
  CompletionStream(CompletionRequest request, ModelWorker& worker, std::shared_ptr<AskedTexts> asked)
      : request_(std::move(request)), worker_(worker), texts_(std::move(asked)), asked_(texts_->all), sent_(asked_.size()) {}

  void write(const WritePart& out) {
    for (size_t at = 0; at < asked_.size(); ++at) {
      if (!follow(at, out)) return;
    }
    if (request_.usage_in_stream) {
      Json part = heading_of(asked_.front());
      part["choices"] = Json::array();
      part["usage"] = usage_json(prompt_tokens_, written_);
      out(event_lines(to_text_replacing(part)));
    }
    out(event_lines("[DONE]"));
  }

 private:
  Json heading_of(const Asked& own) const { return heading(own.job->id(), worker_.name(), request_.base.seed); }

  bool send(const Asked& own, Json choice, const WritePart& out) const {
    Json part = heading_of(own);
    part["choices"] = Json::array({std::move(choice)});
    return out(event_lines(to_text_replacing(part)));
  }

  // Sends what is new of a text that is being written word by word.
  bool send_draft(size_t at, const std::string& event, const WritePart& out) {
    const Json json = parse_json(event);
    if (json.value("event", "") != "step") return true;
    const Asked& own = asked_[at];
    std::string text = safe_part(json["texts"][0]["text"].get<std::string>(), request_.stop);
    if (!request_.echo) text = text.size() < own.prompt.size() ? "" : beyond(text, own.prompt, *worker_.model());
    const bool stopped = std::any_of(request_.stop.begin(), request_.stop.end(),
                                     [&](const auto& stop) { return text.find(stop) != std::string::npos; });
    if (stopped || text.size() <= sent_[at].size() || !text.starts_with(sent_[at])) return true;
    const std::string news = text.substr(sent_[at].size());
    sent_[at] = text;
    return send(own, choice_json(own.first, news, nullptr), out);
  }

  bool follow(size_t at, const WritePart& out) {
    const Asked& own = asked_[at];
    const bool by_step = own.job->watch() == TextJob::Watch::steps;
    prompt_tokens_ += static_cast<int64_t>(worker_.model()->encode(own.prompt).size());
    if (by_step) own.job->follow();
    size_t texts = 0;
    size_t events = 0;
    bool goes_on = true;
    while (goes_on) {
      own.job->wait(texts, by_step ? events : SIZE_MAX, kLook);
      const bool ended = own.job->ended();
      if (by_step) {
        for (const auto& event : own.job->events(events)) {
          ++events;
          goes_on = goes_on && send_draft(at, event, out);
        }
      }
      for (const auto& text : own.job->texts(texts)) {
        ++texts;
        goes_on = goes_on && send_finished(at, text, out);
      }
      goes_on = goes_on && out("");  // is the client still there?
      if (ended) break;
    }
    if (by_step) own.job->leave();
    if (const auto error = own.job->error()) goes_on = goes_on && out(event_lines(to_text_replacing(error->to_json())));
    return goes_on;
  }

  bool send_finished(size_t at, const Text& text, const WritePart& out) {
    const Asked& own = asked_[at];
    const Completion done = completion_of(text, own.prompt, request_, *worker_.model());
    written_ += done.tokens;
    const bool goes_on = done.text.starts_with(sent_[at]);
    return send(own, choice_json(own.first + text.index, goes_on ? done.text.substr(sent_[at].size()) : done.text, done.reason),
                out);
  }

  CompletionRequest request_;
  ModelWorker& worker_;
  std::shared_ptr<AskedTexts> texts_;
  const std::vector<Asked>& asked_;  // of texts_
  std::vector<std::string> sent_;    // of each text that is sent word by word
  int64_t prompt_tokens_ = 0;
  int64_t written_ = 0;
};

HttpReply complete(Service& service, const HttpCall& call) {
  Fields fields(call.body);
  ModelWorker& worker = service.worker(fields);
  const CompletionRequest request(fields, service);
  const auto held = worker.model();
  const Model& model = *held;
  const bool by_token = request.stream && request.count == 1 && worker.info().kind == "autoregressive";
  if (request.logprobs) model.score("");  // says where there are none
  const auto asked = std::make_shared<AskedTexts>();
  for (const auto& prompt : request.prompts) {
    const auto first = static_cast<int64_t>(asked->all.size()) * request.count;
    if (request.max_tokens == 0) {
      asked->all.push_back({prompt, nullptr, first});
    } else {
      asked->all.push_back(
          {prompt, service.begin(worker, request.of(prompt, model), by_token ? TextJob::Watch::steps : TextJob::Watch::texts),
           first});
    }
  }
  if (!request.stream || request.max_tokens == 0) return reply_at_once(request, worker, asked->all, call, service);
  // What is wrong with the request shows when it begins, and is then still a reply of its own.
  TextJob& job = *asked->all.front().job;
  while (job.state() == TextJob::State::waiting && !call.client_has_gone()) job.wait(SIZE_MAX, SIZE_MAX, kLook);
  job.wait(0, 0, std::chrono::seconds(1));
  throw_if_failed(job);
  const auto stream = std::make_shared<CompletionStream>(request, worker, asked);
  return event_reply([stream](const WritePart& out) { stream->write(out); });
}

}  // namespace

void add_completion_routes(Router& router, Service& service) {
  router.add("POST", "/v1/completions", [&](const HttpCall& call) { return complete(service, call); });
}

}  // namespace difflm
