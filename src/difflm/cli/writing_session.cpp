#include "difflm/cli/writing_session.h"

#include <fmt/format.h>

#include <optional>

#include "difflm/cli/console.h"
#include "difflm/cli/text_output.h"
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
    if (text.wishes[at].rating) json["wishes"].back()["rating"] = *text.wishes[at].rating;
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
class WishCounts {
 public:
  explicit WishCounts(const std::vector<Wish>& wishes) : wishes_(wishes), judged_(wishes.size()), fulfilled_(wishes.size()) {}

  void add(const Text& text) {
    for (size_t at = 0; at < wishes_.size(); ++at) {
      judged_[at] += text.wishes[at].fulfilled ? 1 : 0;
      fulfilled_[at] += text.wishes[at].fulfilled.value_or(false) ? 1 : 0;
    }
  }

  void say() const {
    for (size_t at = 0; at < wishes_.size(); ++at) {
      if (judged_[at] == 0) continue;
      print_message(fmt::format("{} \"{}\": {} of {}", wishes_[at].guide, wishes_[at].text, fulfilled_[at], judged_[at]));
    }
  }

 private:
  const std::vector<Wish>& wishes_;
  std::vector<size_t> judged_;
  std::vector<size_t> fulfilled_;
};

}  // namespace

void write_with_progress(const WritingArguments& arguments) {
  const Model model = Model::open(arguments.run, arguments.overrides.settings());
  if (!arguments.trace.empty()) write_text(arguments.trace, "");  // fails early, before any work
  Request request = arguments.request;
  request.ngram_perplexity = arguments.jsonl && !request.wishes.empty();
  std::optional<TextOutput> output;  // made when the first step has shown that the request makes sense
  const auto open_output = [&]() -> TextOutput& { return output ? *output : output.emplace(arguments.output); };
  WishCounts counts(request.wishes);
  int64_t written = 0;
  const InterruptGuard interrupt;
  ProgressLine progress;
  request.on_step = [&](const Snapshot& moment) {
    open_output().check_reader();
    if (!arguments.trace.empty()) write_text(arguments.trace, trace_line(moment), true);
    return !interrupt.interrupted();
  };
  request.on_batch = [&](int64_t done, int64_t count) {
    if (!arguments.quiet) progress.show(done, count, "texts");
  };
  request.on_text = [&](const Text& text) {
    if (!arguments.quiet) progress.clear();
    open_output().write_line(arguments.jsonl ? to_text(to_json(text, request.wishes)) : text.text);
    counts.add(text);
    ++written;
  };
  model.sample(request);
  progress.clear();
  if (!arguments.quiet) counts.say();
  if (!interrupt.interrupted() || written == request.count) return;
  print_message(fmt::format("stopped; {} of {} texts were finished and are written{}", written, request.count,
                            arguments.output.empty() ? "" : " to " + arguments.output));
  throw Interrupted{};
}

}  // namespace difflm
