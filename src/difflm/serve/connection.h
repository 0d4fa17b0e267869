// One TCP connection as a stream, with limits that the library's own stream lacks: a request has to arrive within a time as a
// whole, so a client that sends a byte now and then cannot hold a place; it has at most so many bytes, headers and all; and whether
// the client is still there can be asked while its request is worked on.
#pragma once

#include <httplib.h>

#include <array>
#include <atomic>
#include <chrono>

namespace difflm {

class Connection : public httplib::Stream {
 public:
  Connection(int socket, int64_t most_bytes) : socket_(socket), most_bytes_(most_bytes) {}

  // Waits until the next request begins; false where none does within the limit, or `stopping` becomes true.
  bool wait_for_request(const std::atomic<bool>& stopping);

  // Whether a request did not arrive in time, or was too large: what follows would not be the next one.
  bool broken() const { return broken_; }

  // Whether the client has closed the connection, or its half of it: it then waits for no answer (as with nginx and Go).
  bool client_has_gone() const;

  bool is_readable() const override { return at_ < end_ || wait_for(true, kReadLimit); }
  bool is_writable() const override { return wait_for(false, kWriteLimit) && !client_has_gone(); }
  ssize_t read(char* data, size_t size) override;
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kReadLimit{5'000};      // without a byte
  static constexpr std::chrono::milliseconds kRequestLimit{20'000};  // for the whole of a request
  static constexpr std::chrono::milliseconds kWriteLimit{10'000};    // in which a client must take something
  static constexpr std::chrono::milliseconds kIdleLimit{30'000};     // between two requests

  bool wait_for(bool to_read, std::chrono::milliseconds limit) const;

  int socket_;
  int64_t most_bytes_;
  int64_t left_ = 0;  // bytes that the request may still have
  bool broken_ = false;
  Clock::time_point arrives_by_{};
  std::array<char, 4096> buffer_{};  // read and not yet handed out: from at_ to end_
  size_t at_ = 0;
  size_t end_ = 0;
};

}  // namespace difflm
