// Listens, speaks HTTP, and hands calls to a router; the one user of the library cpp-httplib.
//
// What no handler sees is refused here, in the same form as all errors: what is no HTTP, foreign hosts and origins, a missing key,
// bodies that are too large or not JSON.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "difflm/serve/guard.h"
#include "difflm/serve/http.h"
#include "difflm/serve/serve_options.h"

namespace difflm {

class HttpServer {
 public:
  HttpServer(const ServeOptions& options, const Router& router, std::function<void(int status)> on_reply);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Takes the port; throws a RequestError that names it where another program has it. Returns its number.
  int bind();

  // Serves until `stop`, which may be called from any thread; requests that are being answered are answered to their end.
  void run();
  void stop();

 private:
  class Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace difflm
