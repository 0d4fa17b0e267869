#include "difflm/comparison/jobs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <map>
#include <thread>

#include "difflm/core/error.h"

namespace difflm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPause = std::chrono::milliseconds(100);

// A process group of its own: Ctrl-C in the terminal reaches the caller alone, which then asks each job once to end.
pid_t start(const Job& job) {
  std::vector<char*> arguments;
  arguments.reserve(job.command.size() + 1);
  for (const auto& word : job.command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, job.log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  pid_t process = 0;
  const int error = posix_spawnp(&process, arguments.front(), &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) throw failure(job.name, fmt::format("cannot start {}: {}", job.command.front(), std::strerror(error)));
  return process;
}

struct Running {
  size_t job = 0;
  Clock::time_point since;
};

class Queue {
 public:
  Queue(const std::vector<Job>& jobs, int64_t at_once, const JobEvents& events)
      : jobs_(jobs), at_once_(static_cast<size_t>(at_once)), events_(events) {}

  // Whatever is thrown: no process outlives the queue.
  ~Queue() {
    ask_to_end();
    for (const auto& [process, running] : running_) waitpid(process, nullptr, 0);
  }
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  void run() {
    while (true) {
      if (!stopping_ && events_.interrupted && events_.interrupted()) {
        stopping_ = true;
        ask_to_end();
      }
      while (!stopping_ && next_ < jobs_.size() && running_.size() < at_once_) start_next();
      if (running_.empty()) return;
      if (!collect_ended()) std::this_thread::sleep_for(kPause);
      if (events_.on_wait) events_.on_wait();
    }
  }

 private:
  void start_next() {
    const size_t job = next_++;
    running_[start(jobs_[job])] = {job, Clock::now()};
    if (events_.on_start) events_.on_start(job);
  }

  bool collect_ended() {
    bool any = false;
    for (auto at = running_.begin(); at != running_.end();) {
      int status = 0;
      if (waitpid(at->first, &status, WNOHANG) == 0) {
        ++at;
        continue;
      }
      const Running ended = at->second;
      at = running_.erase(at);
      any = true;
      const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      const double seconds = std::chrono::duration<double>(Clock::now() - ended.since).count();
      if (events_.on_end) events_.on_end(ended.job, code, seconds);
    }
    return any;
  }

  void ask_to_end() const {
    for (const auto& [process, running] : running_) kill(process, SIGTERM);
  }

  const std::vector<Job>& jobs_;
  size_t at_once_;
  const JobEvents& events_;
  std::map<pid_t, Running> running_;
  size_t next_ = 0;
  bool stopping_ = false;
};

}  // namespace

void run_jobs(const std::vector<Job>& jobs, int64_t at_once, const JobEvents& events) { Queue(jobs, at_once, events).run(); }

}  // namespace difflm
