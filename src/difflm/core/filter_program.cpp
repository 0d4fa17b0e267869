#include "difflm/core/filter_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <thread>

#include "difflm/core/error.h"

namespace difflm {
namespace {

using Clock = std::chrono::steady_clock;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close_now(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  void close_now() {
    if (number_ >= 0) close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

// Ends with its object, and so does what it has started.
class Child {
 public:
  Child(const std::string& command, int input, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    std::string shell = "sh";
    std::string flag = "-c";  // of the shell
    std::string words = command;
    const std::array<char*, 4> arguments = {shell.data(), flag.data(), words.data(), nullptr};
    error_ = posix_spawn(&process_, "/bin/sh", &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  ~Child() {
    if (error_ != 0) return;
    kill(-process_, SIGKILL);
    if (!ended_) waitpid(process_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int error() const { return error_; }  // errno where it could not be started, else 0
  bool ended() { return ended_ = ended_ || waitpid(process_, &status_, WNOHANG) != 0; }

  // How it ended: empty for success.
  std::string trouble() const {
    if (WIFSIGNALED(status_)) return fmt::format("was ended by signal {} ({})", WTERMSIG(status_), strsignal(WTERMSIG(status_)));
    return WEXITSTATUS(status_) == 0 ? "" : fmt::format("ended with code {}", WEXITSTATUS(status_));
  }

 private:
  pid_t process_ = -1;
  int error_ = 0;
  int status_ = 0;
  bool ended_ = false;
};

}  // namespace

std::string filtered(const std::string& command, std::string_view input, const FilterLimits& limits, std::string_view where) {
  const auto refuse = [&](const std::string& what, std::string_view hint = "") {
    return usage_error(where, fmt::format("'{}' {}", command, what), hint);
  };
  // A file takes all of the input at once, so that neither side can wait for the other.
  const File written(std::tmpfile(), &std::fclose);
  const bool is_written = written != nullptr && std::fwrite(input.data(), 1, input.size(), written.get()) == input.size() &&
                          std::fflush(written.get()) == 0 && lseek(fileno(written.get()), 0, SEEK_SET) == 0;
  if (!is_written) throw failure("temporary file", std::strerror(errno));
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw failure("pipe", std::strerror(errno));
  const Descriptor from_child(ends[0]);
  Descriptor to_us(ends[1]);
  Child child(command, fileno(written.get()), to_us.number());
  if (child.error() != 0) throw refuse(fmt::format("cannot be started: {}", std::strerror(child.error())));
  to_us.close_now();

  const auto deadline = Clock::now() + std::chrono::duration<double>(limits.seconds);
  const auto check_time = [&] {
    if (Clock::now() > deadline) throw refuse(fmt::format("has not ended after {:g} seconds", limits.seconds));
  };
  constexpr int kWaitMilliseconds = 10;
  std::string output;
  std::array<char, 65536> buffer{};
  for (bool open = true; open;) {
    pollfd ready = {from_child.number(), POLLIN, 0};
    if (poll(&ready, 1, kWaitMilliseconds) > 0) {
      const ssize_t count = read(from_child.number(), buffer.data(), buffer.size());
      if (count > 0) output.append(buffer.data(), static_cast<size_t>(count));
      open = count > 0 || (count < 0 && errno == EINTR);
    }
    if (output.size() > limits.bytes) throw refuse(fmt::format("has written more than {} bytes", limits.bytes));
    if (open) check_time();
  }
  while (!child.ended()) {
    check_time();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (const std::string trouble = child.trouble(); !trouble.empty()) throw refuse(trouble);
  return output;
}

}  // namespace difflm
