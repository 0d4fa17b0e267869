#include "difflm/cli/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>

namespace difflm {
namespace {

// A signal handler can reach nothing but a global.
volatile std::sig_atomic_t interrupt_count = 0;  // NOLINT

extern "C" void count_interrupt(int signal) {
  interrupt_count = interrupt_count + 1;
  if (interrupt_count > 1) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

bool is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace

double seconds_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void print_message(const std::string& line) { fmt::print(stderr, "{}{}\n", is_terminal() ? "\r\x1b[K" : "", line); }

void print_error(const std::string& message) { print_message("difflm: " + message); }

std::string duration(double seconds) {
  const auto total = static_cast<long>(seconds + 0.5);
  if (total >= 3600) return fmt::format("{} h {:02} min", total / 3600, total / 60 % 60);
  if (total >= 60) return fmt::format("{} min {:02} s", total / 60, total % 60);
  return fmt::format("{} s", total);
}

ProgressLine::ProgressLine() : terminal_(is_terminal()), start_(seconds_now()) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::show(const std::string& text) {
  const double pause = terminal_ ? 0.1 : 20;  // seconds between two showings
  if (seconds_now() - last_ < pause) return;
  last_ = seconds_now();
  if (terminal_) {
    fmt::print(stderr, "\r\x1b[K{}", text);
    std::fflush(stderr);
  } else {
    fmt::print(stderr, "{}\n", text);
  }
}

void ProgressLine::show(int64_t done, int64_t count, const std::string& unit, const std::string& before) {
  if (done == 0 && !begun_) start_ = seconds_now();
  begun_ = true;
  if (done == 0 || done >= count) return;
  const double left = (seconds_now() - start_) * static_cast<double>(count - done) / static_cast<double>(done);
  show(fmt::format("{}{} of {} {}, {} left", before, done, count, unit, duration(left)));
}

void ProgressLine::clear() {
  if (terminal_) fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

InterruptGuard::InterruptGuard() {
  interrupt_count = 0;
  std::signal(SIGINT, count_interrupt);
  std::signal(SIGTERM, count_interrupt);
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool InterruptGuard::interrupted() const { return interrupt_count > 0; }

}  // namespace difflm
