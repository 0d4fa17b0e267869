// What the user sees on standard error: messages, one progress line, and Ctrl-C.
#pragma once

#include <cstdint>
#include <string>

namespace difflm {

// Thrown by a verb that ended because of Ctrl-C, after it saved its work.
struct Interrupted {};
constexpr int kInterruptedCode = 130;

// `handler` gets Ctrl-C, SIGTERM, and SIGHUP, which comes when a connection is lost; this one not where it is ignored, as under
// nohup.
void catch_interrupts(void (*handler)(int signal));

// Puts the default back where `handler` still gets them; one that was set since then stays.
void release_interrupts(void (*handler)(int signal));

// A line on standard error, above the progress line where there is one. A terminal that has gone is no error: work goes on.
void print_message(const std::string& line);
void print_error(const std::string& message);

// A steady clock, in seconds.
double seconds_now();

// "1 h 02 min", "3 min 20 s", "12 s"
std::string duration(double seconds);

// The one line that is rewritten in place on a terminal; on a pipe or in a file it is printed now and then as a line.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  void show(const std::string& text);
  // "BEFORE 3 of 8 UNIT, 12 s left", timed from the first call with 0 done, or from construction. Shows nothing at 0 or when all
  // are done.
  void show(int64_t done, int64_t count, const std::string& unit, const std::string& before = "");
  void clear();

 private:
  bool terminal_;
  double last_ = -1e9;
  double start_;
  bool begun_ = false;
};

// While it lives, the first Ctrl-C (or SIGTERM, SIGHUP) sets a flag, the second ends the process at once.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  bool interrupted() const;
};

}  // namespace difflm
