#include "difflm/serve/http_server.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "difflm/core/json.h"
#include "difflm/serve/connection.h"

namespace difflm {
namespace {

constexpr size_t kRequestsPerConnection = 10'000;
constexpr int64_t kHeadBytes = 1 << 17;  // of a request line and headers

constexpr const char* kPolicy = "Content-Security-Policy";

// Of the connection that this thread serves.
thread_local const Connection* current_connection = nullptr;

CallHeaders headers_of(const httplib::Request& request) {
  CallHeaders headers;
  headers.host = request.get_header_value("Host");
  if (request.has_header("Origin")) headers.origin = request.get_header_value("Origin");
  headers.authorization = request.get_header_value("Authorization");
  headers.content_type = request.get_header_value("Content-Type");
  headers.content_encoding = request.get_header_value("Content-Encoding");
  return headers;
}

HttpCall call_of(const httplib::Request& request) {
  // What HEAD asks for is the reply to GET without its body, which the library leaves out.
  HttpCall call = {request.method == "HEAD" ? "GET" : request.method, request.path, {}, request.body, {}};
  for (const auto& [name, value] : request.params) call.query[name] = value;
  call.client_has_gone = [connection = current_connection] { return connection != nullptr && connection->client_has_gone(); };
  return call;
}

void fill(httplib::Response& response, HttpReply reply) {
  response.status = reply.status;
  for (const auto& [name, value] : reply.headers) response.set_header(name, value);
  // Not among the library's default headers: a reply with another policy would have both.
  if (!response.has_header(kPolicy)) {
    response.set_header(kPolicy,
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  }
  if (!reply.stream) {
    response.set_content(reply.body, reply.type);
    return;
  }
  response.set_chunked_content_provider(reply.type, [stream = std::move(reply.stream)](size_t, httplib::DataSink& sink) {
    bool connected = true;
    stream([&](std::string_view part) {
      connected = connected && sink.is_writable() && sink.write(part.data(), part.size());
      return connected;
    });
    if (connected) sink.done();
    return connected;
  });
}

void fill(httplib::Response& response, const RequestError& error) { fill(response, json_reply(error.to_json(), error.status())); }

// What to say where the library itself has refused a request.
std::string refusal(int status) {
  switch (status) {
    case 400:
      return "the request is no HTTP that this server understands";
    case 413:
      return "the body is larger than this server takes";
    case 414:
      return "the address is longer than this server takes";
    default:
      return fmt::format("the request cannot be answered ({})", status);
  }
}

}  // namespace

class HttpServer::Inside : public httplib::Server {
 public:
  Inside(const ServeOptions& options, const Router& router, std::function<void(int)> on_reply)
      : options_(options), router_(router), guard_(options), on_reply_(std::move(on_reply)) {
    new_task_queue = [this] {                                                            // the library deletes it
      return new httplib::ThreadPool(static_cast<size_t>(options_.limits.connections));  // NOLINT(cppcoreguidelines-owning-memory)
    };
    set_keep_alive_max_count(kRequestsPerConnection);
    set_keep_alive_timeout(30);
    set_payload_max_length(static_cast<size_t>(options.limits.body_bytes));
    set_tcp_nodelay(true);
    set_socket_options([](socket_t socket) {  // the library would share the port with another server
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    set_default_headers({{"X-Content-Type-Options", "nosniff"},
                         {"Referrer-Policy", "no-referrer"},
                         {"X-Frame-Options", "DENY"},
                         {"Cross-Origin-Resource-Policy", "same-origin"}});
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      try {
        guard_.check(request.method, request.path, headers_of(request));
        return HandlerResponse::Unhandled;
      } catch (const RequestError& error) {
        fill(response, error);
        return HandlerResponse::Handled;
      }
    });
    const Handler handler = [this](const httplib::Request& request, httplib::Response& response) { answer(request, response); };
    Get(".*", handler);
    Post(".*", handler);
    Put(".*", handler);
    Patch(".*", handler);
    Delete(".*", handler);
    Options(".*", handler);
    set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.body.empty()) fill(response, RequestError(response.status, refusal(response.status)));
    });
    set_logger([this](const httplib::Request&, const httplib::Response& response) { on_reply_(response.status); });
  }

  int bind() {
    const int port = options_.port == 0                           ? bind_to_any_port(options_.host)
                     : bind_to_port(options_.host, options_.port) ? options_.port
                                                                  : -1;
    if (port < 0) {
      throw RequestError(500, fmt::format("cannot listen on {}:{}", options_.host, options_.port), "port",
                         "another program may have it: take another one, or 0 for any that is free");
    }
    ::listen(svr_sock_, SOMAXCONN);  // the library lets five connections wait
    return port;
  }

  void stop_all() {
    stopping_ = true;
    stop();
  }

 private:
  void answer(const httplib::Request& request, httplib::Response& response) {
    try {
      fill(response, router_.handle(call_of(request)));
    } catch (const RequestError& error) {
      fill(response, error);
    } catch (const RunError& error) {
      fill(response, RequestError(error));
    } catch (const std::exception& error) {
      fill(response, RequestError(500, error.what()));
    }
  }

  bool process_and_close_socket(socket_t socket) override {
    Connection connection(socket, options_.limits.body_bytes + kHeadBytes);
    current_connection = &connection;
    bool answered = false;
    for (size_t left = kRequestsPerConnection; left > 0 && connection.wait_for_request(stopping_); --left) {
      bool closed = false;
      answered = process_request(connection, left == 1 || stopping_, closed, nullptr);
      if (!answered || closed || connection.broken()) break;
    }
    current_connection = nullptr;
    shutdown(socket, SHUT_RDWR);
    close(socket);
    return answered;
  }

  const ServeOptions& options_;
  const Router& router_;
  Guard guard_;
  std::function<void(int)> on_reply_;
  std::atomic<bool> stopping_ = false;
};

HttpServer::HttpServer(const ServeOptions& options, const Router& router, std::function<void(int status)> on_reply)
    : inside_(std::make_unique<Inside>(options, router, std::move(on_reply))) {}
HttpServer::~HttpServer() = default;
int HttpServer::bind() { return inside_->bind(); }
void HttpServer::run() { inside_->listen_after_bind(); }
void HttpServer::stop() { inside_->stop_all(); }

}  // namespace difflm
