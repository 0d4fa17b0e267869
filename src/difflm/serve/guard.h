// Who may ask: the defence of a server on one's own machine against pages of other sites in one's own browser.
//
// A page of another site can send requests to 127.0.0.1. Its browser says so in Origin, which must be ours; and where a name of
// that site has been made to point to 127.0.0.1 (DNS rebinding), Host has that name, and must be a name of this machine. JSON is
// asked for by its content type, which no page can send elsewhere without the browser asking first.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "difflm/serve/request_error.h"
#include "difflm/serve/serve_options.h"

namespace difflm {

// The headers that decide.
struct CallHeaders {
  std::string host;
  std::optional<std::string> origin;
  std::string authorization;  // "Bearer KEY"
  std::string content_type;
  std::string content_encoding;
};

class Guard {
 public:
  explicit Guard(const ServeOptions& options) : host_(options.host), key_(options.api_key) {}

  // Throws a RequestError where `headers` of a call to `path` are not those of somebody who may ask.
  void check(const std::string& method, const std::string& path, const CallHeaders& headers) const;

  // Whether `host` is a name of this machine alone.
  static bool is_loopback(std::string_view host);

 private:
  bool is_ours(std::string_view host_and_port) const;

  std::string host_;
  std::string key_;
};

// Whether both are the same; the time it takes does not depend on where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace difflm
