// The server: models of runs, finished or in training, behind HTTP on one's own machine. A client of the public interface alone.
#pragma once

#include <atomic>
#include <functional>

#include "difflm/serve/serve_options.h"

namespace difflm {

// Serves until `stopping` becomes true; then no request is taken any more, those that wait or run are answered for up to ten
// seconds, and the rest is given up. `on_listening` gets the port. Throws a RequestError where it cannot listen.
void serve(const ServeOptions& options, const std::atomic<bool>& stopping, const std::function<void(int port)>& on_listening);

}  // namespace difflm
