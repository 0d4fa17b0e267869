#include "difflm/cli/end_on_interrupt.h"

#include <unistd.h>

#include <array>
#include <csignal>

#include "difflm/cli/console.h"
#include "difflm/core/error.h"

namespace difflm {
namespace {

// A signal handler can reach nothing but a global, and may do little more than write to a pipe.
volatile std::sig_atomic_t signal_pipe = -1;  // NOLINT
volatile std::sig_atomic_t signals_seen = 0;  // NOLINT

constexpr char kSignal = 's';
constexpr char kDone = 'd';

extern "C" void tell_watcher(int signal) {
  signals_seen = signals_seen + 1;
  if (signals_seen > 1) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    return;
  }
  const ssize_t ignored = ::write(signal_pipe, &kSignal, 1);
  static_cast<void>(ignored);
}

}  // namespace

EndOnInterrupt::EndOnInterrupt(std::string message, std::function<void()> clean_up) {
  std::array<int, 2> ends = {};
  if (::pipe(ends.data()) != 0) throw failure("", "there are no more file descriptors");
  signal_pipe = ends[1];
  signals_seen = 0;
  watcher_ = std::thread([from = ends[0], last_words = std::move(message), remove = std::move(clean_up)] {
    char what = kDone;
    while (::read(from, &what, 1) < 0) {
    }
    ::close(from);
    if (what != kSignal) return;
    remove();
    print_message(last_words);
    ::_exit(kInterruptedCode);
  });
  catch_interrupts(tell_watcher);
}

EndOnInterrupt::~EndOnInterrupt() {
  release_interrupts(tell_watcher);
  const ssize_t ignored = ::write(signal_pipe, &kDone, 1);
  static_cast<void>(ignored);
  watcher_.join();
  ::close(signal_pipe);
}

}  // namespace difflm
