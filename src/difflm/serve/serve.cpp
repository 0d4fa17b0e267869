#include "difflm/serve/serve.h"

#include <chrono>
#include <thread>

#include "difflm/serve/http_server.h"
#include "difflm/serve/page.h"
#include "difflm/serve/routes.h"

namespace difflm {

void serve(const ServeOptions& options, const std::atomic<bool>& stopping, const std::function<void(int port)>& on_listening) {
  Service service(options);
  Router router;
  add_page_routes(router);
  add_status_routes(router, service);
  add_token_routes(router, service);
  add_completion_routes(router, service);
  add_infill_routes(router, service);
  add_denoise_routes(router, service);
  add_training_routes(router, service);
  HttpServer server(service.options(), router, [&](int status) { service.counters().count_reply(status); });
  on_listening(server.bind());
  std::thread listening([&] { server.run(); });
  while (!stopping) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  service.audience().let_see_the_end(std::chrono::seconds(3));
  service.stop();
  server.stop();
  listening.join();
}

}  // namespace difflm
