#include "difflm/serve/page.h"

#include <fmt/format.h>

#include "difflm/serve/request_error.h"

namespace difflm {
namespace {

std::string type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "text/html; charset=utf-8";
}

HttpReply file_reply(const std::string& name) {
  for (const auto& file : page_files()) {
    if (file.name == name) return {200, type_of(name), std::string(file.content), {}, {{"Cache-Control", "no-cache"}}};
  }
  throw RequestError(404, fmt::format("the page has no file {}", name));
}

}  // namespace

void add_page_routes(Router& router) {
  router.add("GET", "/", [](const HttpCall&) { return file_reply("index.html"); });
  router.add("GET", "/page/*", [](const HttpCall& call) { return file_reply(call.matched.at(0)); });
}

}  // namespace difflm
