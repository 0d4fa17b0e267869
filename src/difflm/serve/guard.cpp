#include "difflm/serve/guard.h"

#include <fmt/format.h>

#include <algorithm>

namespace difflm {
namespace {

// "localhost:8080" -> "localhost", "[::1]:8080" -> "::1"
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, std::min(host.find(']'), host.size()) - 1);
  return host.substr(0, host.find(':'));
}

// Asked for by programs that watch the server, by the page before it knows the key, and by links that have a pass of their own
// (training_routes.cpp).
bool is_open_to_all(const std::string& path) {
  return path == "/health" || path == "/" || path.starts_with("/page/") || path.starts_with("/reports/");
}

}  // namespace

bool same_secret(std::string_view a, std::string_view b) {
  size_t differs = a.size() ^ b.size();
  for (size_t at = 0; at < a.size(); ++at) {
    differs |=
        static_cast<size_t>(static_cast<unsigned char>(a[at]) ^ static_cast<unsigned char>(b.empty() ? 0 : b[at % b.size()]));
  }
  return differs == 0;
}

bool Guard::is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

bool Guard::is_ours(std::string_view host_and_port) const {
  const std::string_view host = without_port(host_and_port);
  // Bound to an address that others reach, the server cannot know all the names it has; there a key is required instead.
  return is_loopback(host) || host == host_ || !is_loopback(host_);
}

void Guard::check(const std::string& method, const std::string& path, const CallHeaders& headers) const {
  if (headers.host.empty() || !is_ours(headers.host)) {
    throw RequestError(403, fmt::format("the request is for '{}', and this server answers on {}", headers.host, host_), "Host");
  }
  if (headers.origin) {
    const size_t scheme = headers.origin->find("://");
    const bool same = scheme != std::string::npos && headers.origin->substr(scheme + 3) == headers.host;
    if (!same) throw RequestError(403, fmt::format("pages of '{}' may not ask this server", *headers.origin), "Origin");
  }
  if (!key_.empty() && !is_open_to_all(path) && !same_secret(headers.authorization, "Bearer " + key_)) {
    throw RequestError(401, "the key is missing or wrong", "Authorization", "send the header `Authorization: Bearer KEY`");
  }
  if (method != "POST") return;
  if (!headers.content_type.starts_with("application/json")) {
    throw RequestError(415, fmt::format("the content type is '{}', expected application/json", headers.content_type),
                       "Content-Type", "send the header `Content-Type: application/json`");
  }
  if (!headers.content_encoding.empty() && headers.content_encoding != "identity") {
    throw RequestError(415, fmt::format("the content encoding is '{}', expected none", headers.content_encoding),
                       "Content-Encoding");
  }
}

}  // namespace difflm
