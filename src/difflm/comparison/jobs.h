// Commands run as separate processes, so that one that fails or runs out of memory takes nothing else with it.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace difflm {

struct Job {
  std::string name;
  std::vector<std::string> command;  // program and arguments
  std::string log;                   // file that takes its standard output and standard error, appended to what is there
};

struct JobEvents {
  std::function<void(size_t job)> on_start;
  // `code`: its exit code, or 128 + the signal that ended it.
  std::function<void(size_t job, int code, double seconds)> on_end;
  std::function<void()> on_wait;      // about ten times a second
  std::function<bool()> interrupted;  // true: no more are started, those that run are asked to end (SIGTERM) and waited for
};

// Runs all jobs, at most `at_once` at a time. Throws a failure where a process cannot be started, after the running ones have
// ended.
void run_jobs(const std::vector<Job>& jobs, int64_t at_once, const JobEvents& events);

}  // namespace difflm
