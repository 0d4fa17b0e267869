#include "difflm/serve/counters.h"

#include <fmt/format.h>

namespace difflm {
namespace {

// As a value of a label: quotes, backslashes and line ends escaped.
std::string quoted(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return text + "\"";
}

std::string heading(const char* name, const char* kind, const char* help) {
  return fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, kind);
}

}  // namespace

void Counters::count_reply(int status) {
  const std::lock_guard lock(mutex_);
  ++replies_[status];
}

void Counters::count_texts(const std::string& model, int64_t texts, int64_t tokens, double evaluations, double seconds) {
  const std::lock_guard lock(mutex_);
  OfModel& own = models_[model];
  own.texts += texts;
  own.tokens += tokens;
  own.evaluations += evaluations;
  own.seconds += seconds;
}

void Counters::count_batch(const std::string& model, int64_t requests) {
  const std::lock_guard lock(mutex_);
  ++models_[model].batches;
  models_[model].requests += requests;
}

std::string Counters::text(const std::map<std::string, int64_t>& waiting) const {
  const std::lock_guard lock(mutex_);
  std::string text = heading("difflm_replies_total", "counter", "HTTP replies by status");
  for (const auto& [status, count] : replies_) text += fmt::format("difflm_replies_total{{status=\"{}\"}} {}\n", status, count);
  text += heading("difflm_waiting", "gauge", "requests that wait for their model");
  for (const auto& [model, count] : waiting) text += fmt::format("difflm_waiting{{model={}}} {}\n", quoted(model), count);
  const auto add = [&](const char* name, const char* help, const auto& value) {
    text += heading(name, "counter", help);
    for (const auto& [model, own] : models_) text += fmt::format("{}{{model={}}} {}\n", name, quoted(model), value(own));
  };
  add("difflm_requests_total", "requests that were begun", [](const OfModel& own) { return own.requests; });
  add("difflm_batches_total", "batches in which they were answered", [](const OfModel& own) { return own.batches; });
  add("difflm_texts_total", "texts that were finished", [](const OfModel& own) { return own.texts; });
  add("difflm_tokens_total", "tokens of these", [](const OfModel& own) { return own.tokens; });
  add("difflm_evaluations_total", "evaluations of the network for these", [](const OfModel& own) { return own.evaluations; });
  add("difflm_writing_seconds_total", "seconds spent writing", [](const OfModel& own) { return own.seconds; });
  return text;
}

}  // namespace difflm
