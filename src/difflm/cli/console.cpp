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

// Unlike fmt::print it does not throw: after a lost connection a training must still save.
void write_error_output(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

double seconds_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void catch_interrupts(void (*handler)(int signal)) {
  std::signal(SIGINT, handler);
  std::signal(SIGTERM, handler);
  if (std::signal(SIGHUP, handler) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);
}

void release_interrupts(void (*handler)(int signal)) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction now = {};
    if (::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == handler) std::signal(signal, SIG_DFL);
  }
}

void print_message(const std::string& line) { write_error_output((is_terminal() ? "\r\x1b[K" : "") + line + "\n"); }

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
    write_error_output("\r\x1b[K" + text);
  } else {
    write_error_output(text + "\n");
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
  if (terminal_) write_error_output("\r\x1b[K");
}

InterruptGuard::InterruptGuard() {
  interrupt_count = 0;
  catch_interrupts(count_interrupt);
}

InterruptGuard::~InterruptGuard() { release_interrupts(count_interrupt); }

bool InterruptGuard::interrupted() const { return interrupt_count > 0; }

}  // namespace difflm
