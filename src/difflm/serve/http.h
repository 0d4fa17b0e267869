// HTTP as the routes see it: a call, and the reply to it. Only http_server.cpp knows the library that speaks it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "difflm/core/json_fwd.h"

namespace difflm {

struct HttpCall {
  std::string method;                        // "GET", "POST", "DELETE"
  std::string path;                          // without the query
  std::map<std::string, std::string> query;  // decoded
  std::string body;
  std::vector<std::string> matched;            // what stood for each * of the route
  std::function<bool()> client_has_gone = {};  // costs a system call
};

// Writes a part of a streamed body; false once the client has gone.
using WritePart = std::function<bool(std::string_view)>;

struct HttpReply {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::function<void(const WritePart&)> stream = {};  // writes the body part by part, in its place, and returns at its end
  std::vector<std::pair<std::string, std::string>> headers = {};
};

HttpReply json_reply(const Json& json, int status = 200);

// Server-sent events; `stream` writes them with `event_lines`.
HttpReply event_reply(std::function<void(const WritePart&)> stream);
std::string event_lines(std::string_view data, int64_t id = -1);

// As a part of a path: all but letters, digits and -._~ as %XX.
std::string percent_encoded(std::string_view text);

// Routes by method and path, in which * stands for one part: "/v1/denoise/*/events".
class Router {
 public:
  using Handler = std::function<HttpReply(const HttpCall&)>;
  void add(const std::string& method, const std::string& path, Handler handler);

  // Throws a RequestError: 404 for a path that is not there, 405 for one that is there for another method.
  HttpReply handle(HttpCall call) const;

 private:
  struct Route {
    std::string method;
    std::vector<std::string> parts;
    Handler handler;
  };
  std::vector<Route> routes_;
};

}  // namespace difflm
