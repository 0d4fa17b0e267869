#include "difflm/serve/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace difflm {

bool Connection::wait_for(bool to_read, std::chrono::milliseconds limit) const {
  const auto until = Clock::now() + limit;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() < 0) return false;
    pollfd wanted = {socket_, static_cast<short>(to_read ? POLLIN : POLLOUT), 0};
    const int ready = poll(&wanted, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

bool Connection::wait_for_request(const std::atomic<bool>& stopping) {
  const auto until = Clock::now() + kIdleLimit;
  while (at_ == end_ && !wait_for(true, std::chrono::milliseconds(100))) {
    if (stopping || Clock::now() > until) return false;
  }
  left_ = most_bytes_;
  arrives_by_ = Clock::now() + kRequestLimit;
  return !client_has_gone();
}

bool Connection::client_has_gone() const {
  if (at_ < end_) return false;
  char next = 0;
  const ssize_t got = recv(socket_, &next, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

ssize_t Connection::read(char* data, size_t size) {
  if (at_ == end_) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(arrives_by_ - Clock::now());
    broken_ = broken_ || left_ <= 0 || !wait_for(true, std::min(kReadLimit, left));
    if (broken_) return -1;
    const ssize_t got = recv(socket_, buffer_.data(), buffer_.size(), 0);
    left_ -= std::max<ssize_t>(got, 0);
    if (got <= 0) return got;
    at_ = 0;
    end_ = static_cast<size_t>(got);
  }
  const size_t count = std::min(size, end_ - at_);
  std::copy_n(buffer_.data() + at_, count, data);
  at_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* data, size_t size) {
  if (!wait_for(false, kWriteLimit)) return -1;
  return send(socket_, data, size, MSG_NOSIGNAL);
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();  // nothing here depends on who asks
  port = 0;
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const { get_remote_ip_and_port(ip, port); }

}  // namespace difflm
