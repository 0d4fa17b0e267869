#include "difflm/serve/request_error.h"

#include "difflm/core/json.h"

namespace difflm {
namespace {

// The names that OpenAI's and llama.cpp's servers give to kinds of errors.
const char* type_of(int status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 404:
    case 405:
      return "not_found_error";
    case 429:
      return "rate_limit_error";
    case 501:
      return "not_supported_error";
    case 503:
      return "unavailable_error";
    default:
      return status < 500 ? "invalid_request_error" : "server_error";
  }
}

}  // namespace

Json RequestError::to_json() const {
  Json error = {{"code", status_}, {"type", type_of(status_)}, {"message", what()}};
  if (!field_.empty()) error["param"] = field_;
  if (!hint_.empty()) error["hint"] = hint_;
  return {{"error", std::move(error)}};
}

}  // namespace difflm
