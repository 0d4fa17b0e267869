#include "difflm/serve/http.h"

#include <fmt/format.h>

#include <cctype>

#include "difflm/core/json.h"
#include "difflm/serve/request_error.h"

namespace difflm {
namespace {

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (size_t at = 0; at < path.size();) {
    const size_t end = std::min(path.find('/', at + 1), path.size());
    parts.push_back(path.substr(at + 1, end - at - 1));
    at = end;
  }
  return parts;
}

// What stands for each * of `route` in `path`; nothing where it is another one.
std::optional<std::vector<std::string>> match(const std::vector<std::string>& route, const std::vector<std::string>& path) {
  if (route.size() != path.size()) return std::nullopt;
  std::vector<std::string> matched;
  for (size_t at = 0; at < route.size(); ++at) {
    if (route[at] == "*") {
      matched.push_back(path[at]);
    } else if (route[at] != path[at]) {
      return std::nullopt;
    }
  }
  return matched;
}

}  // namespace

HttpReply json_reply(const Json& json, int status) { return {status, "application/json", to_text_replacing(json) + "\n"}; }

HttpReply event_reply(std::function<void(const WritePart&)> stream) {
  return {200, "text/event-stream", {}, std::move(stream), {{"Cache-Control", "no-store"}}};
}

std::string event_lines(std::string_view data, int64_t id) {
  return id < 0 ? fmt::format("data: {}\n\n", data) : fmt::format("id: {}\ndata: {}\n\n", id, data);
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos);
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return encoded;
}

void Router::add(const std::string& method, const std::string& path, Handler handler) {
  routes_.push_back({method, parts_of(path), std::move(handler)});
}

HttpReply Router::handle(HttpCall call) const {
  const auto path = parts_of(call.path);
  std::string others;
  for (const auto& route : routes_) {
    auto matched = match(route.parts, path);
    if (!matched) continue;
    if (route.method != call.method) {
      others += (others.empty() ? "" : ", ") + route.method;
      continue;
    }
    call.matched = std::move(*matched);
    return route.handler(call);
  }
  if (others.empty()) throw RequestError(404, fmt::format("there is nothing at {}", call.path));
  throw RequestError(405, fmt::format("{} does not take {}, expected {}", call.path, call.method, others));
}

}  // namespace difflm
