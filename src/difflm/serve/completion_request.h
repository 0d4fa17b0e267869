// What a call to /v1/completions asks for, in the words of OpenAI's interface, and how it is asked of a model.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "difflm/serve/service.h"

namespace difflm {

struct CompletionRequest {
  std::vector<std::string> prompts;   // the words that a text begins with; empty: none
  std::string suffix;                 // and those that it ends with
  int64_t count = 1;                  // texts per prompt, "n"
  std::optional<int64_t> max_tokens;  // beyond the prompt; 0: nothing is written
  std::vector<std::string> stop;      // a text ends before any of these
  bool stream = false;
  bool usage_in_stream = false;
  bool echo = false;                // the prompt comes back with the text
  std::optional<int64_t> logprobs;  // log-probabilities of the tokens
  Request base;                     // seed, temperature, steps, settings, wishes

  // Throws a RequestError for what is wrong, or has no meaning here.
  CompletionRequest(Fields& fields, Service& service);

  // The request for the texts of one of the prompts.
  Request of(const std::string& prompt, const Model& model) const;
};

}  // namespace difflm
