#include "difflm/cli/writing_session.h"

#include <fmt/format.h>

#include <cstdio>

#include "difflm/cli/console.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"

namespace difflm {
namespace {

template <class Value>
Json to_json(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const Text& text) {
  return {{"index", text.index}, {"text", text.text}, {"tokens", text.tokens}, {"confidence", text.confidence}};
}

// A finished text; with wishes, also their outcomes and the cost.
Json to_json(const Text& text, const std::vector<Wish>& wishes) {
  Json json = to_json(text);
  if (wishes.empty()) return json;
  json["ngram_perplexity"] = to_json(text.ngram_perplexity);
  json["network_evaluations"] = text.network_evaluations;
  json["guide_evaluations"] = text.guide_evaluations;
  json["wishes"] = Json::array();
  for (size_t at = 0; at < wishes.size(); ++at) {
    json["wishes"].push_back({{"guide", wishes[at].guide},
                              {"wish", wishes[at].text},
                              {"holds", to_json(text.wishes[at].fulfilled)},
                              {"log_probability", to_json(text.wishes[at].log_probability)}});
  }
  return json;
}

std::string trace_line(const Snapshot& moment) {
  Json line = {{"step", moment.step}, {"steps", moment.steps}, {"u", moment.noise}, {"samples", Json::array()}};
  for (const auto& text : moment.texts()) {
    Json json = to_json(text);
    for (const auto& wish : text.wishes) json["log_probabilities"].push_back(to_json(wish.log_probability));
    line["samples"].push_back(std::move(json));
  }
  return to_text(line) + "\n";
}

// For each wish, how many of the texts fulfil it.
void say_outcome(const std::vector<Text>& texts, const std::vector<Wish>& wishes) {
  for (size_t at = 0; at < wishes.size(); ++at) {
    size_t judged = 0;
    size_t fulfilled = 0;
    for (const auto& text : texts) {
      judged += text.wishes[at].fulfilled ? 1 : 0;
      fulfilled += text.wishes[at].fulfilled.value_or(false) ? 1 : 0;
    }
    if (judged > 0) print_message(fmt::format("{} \"{}\": {} of {}", wishes[at].guide, wishes[at].text, fulfilled, judged));
  }
}

}  // namespace

void write_with_progress(const WritingArguments& arguments) {
  const Model model = Model::open(arguments.run, arguments.overrides.settings());
  if (!arguments.trace.empty()) write_text(arguments.trace, "", true);  // fails early, before any work
  Request request = arguments.request;
  request.ngram_perplexity = arguments.jsonl && !request.wishes.empty();
  const InterruptGuard interrupt;
  ProgressLine progress;
  std::string trace;
  request.on_step = [&](const Snapshot& moment) {
    if (!arguments.trace.empty()) trace += trace_line(moment);
    return !interrupt.interrupted();
  };
  request.on_batch = [&](int64_t done, int64_t count) {
    if (!arguments.quiet) progress.show(done, count, "texts");
  };
  const auto texts = model.sample(request);
  progress.clear();
  if (interrupt.interrupted()) throw Interrupted{};
  for (const auto& text : texts) fmt::print("{}\n", arguments.jsonl ? to_text(to_json(text, request.wishes)) : text.text);
  if (!arguments.trace.empty()) replace_file_with_text(arguments.trace, trace);
  if (!arguments.quiet) say_outcome(texts, request.wishes);
}

}  // namespace difflm
