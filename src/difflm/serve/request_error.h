// What is wrong with a request: thrown by whatever handles it, answered in the form that OpenAI's clients read,
// {"error": {"code", "type", "message", ...}}.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "difflm/core/json_fwd.h"
#include "difflm/difflm.h"

namespace difflm {

class RequestError : public std::runtime_error {
 public:
  // `field`: of the request's JSON, or empty.
  RequestError(int status, const std::string& message, std::string field = {}, std::string hint = {})
      : std::runtime_error(message), status_(status), field_(std::move(field)), hint_(std::move(hint)) {}

  // A usage error is the caller's, 400; a failure is the server's, 500.
  explicit RequestError(const RunError& error)
      : RequestError(error.kind() == RunError::Kind::usage ? 400 : 500, error.problem(), error.where(), error.hint()) {}

  int status() const { return status_; }
  Json to_json() const;

 private:
  int status_;
  std::string field_;
  std::string hint_;
};

}  // namespace difflm
