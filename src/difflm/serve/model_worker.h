// One model and the thread that writes with it. Requests wait in a queue with a limit; those that wait with equal settings, and
// only want finished texts, are written as one batch, which takes little longer than one text.
//
// A run may still be trained by another process. Then its model is opened once there is a checkpoint, and between two requests
// again where there is a newer one; whoever has the older one at hand keeps it until it is done.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "difflm/difflm.h"
#include "difflm/serve/counters.h"
#include "difflm/serve/serve_options.h"
#include "difflm/serve/text_job.h"

namespace difflm {

class ModelWorker {
 public:
  ModelWorker(ServedRun run, const ServeOptions& options, Counters& counters);
  ~ModelWorker();  // ends what is being written at its next step
  ModelWorker(const ModelWorker&) = delete;
  ModelWorker& operator=(const ModelWorker&) = delete;

  enum class State {
    opening,
    ready,
    training,  // there is no checkpoint yet, or this process itself trains it
    failed,    // it cannot be opened
  };

  const std::string& name() const { return run_.name; }
  const ServedRun& run() const { return run_; }
  State state() const;

  // The model once it is there. Throws a RequestError: 503 while it is being opened or has no checkpoint, 500 where it cannot be.
  std::shared_ptr<const Model> model() const;
  ModelInfo info() const;

  // Puts `job` into the queue; returns how many are before it. Throws a RequestError, 429, where the queue is full, 503 while the
  // server stops.
  int64_t submit(std::shared_ptr<TextJob> job);

  int64_t waiting() const;

  // Takes no more requests; those that wait or run are still answered.
  void close();

  // Until nothing waits or runs, or the time is over; then the rest is cancelled.
  void drain(std::chrono::milliseconds limit);

 private:
  using Clock = std::chrono::steady_clock;

  void work();
  void open_newer();                                   // where there is a checkpoint that is not the one in use
  void be_absent(State state, RequestError absence);   // no model, for this reason; nothing where there is one
  std::vector<std::shared_ptr<TextJob>> next_batch();  // none: the end, or it is time to look for a newer checkpoint
  void write(const std::vector<std::shared_ptr<TextJob>>& jobs);
  bool goes_on(const std::vector<std::shared_ptr<TextJob>>& jobs) const;

  ServedRun run_;
  const ServeOptions& options_;
  Counters& counters_;

  mutable std::mutex mutex_;  // of all below
  mutable std::condition_variable changed_;
  std::deque<std::shared_ptr<TextJob>> queue_;
  std::vector<std::shared_ptr<TextJob>> running_;
  State state_ = State::opening;
  RequestError absence_;  // why there is no model, where there is none
  std::shared_ptr<const Model> model_;
  ModelInfo info_;
  bool closed_ = false;
  bool ending_ = false;

  // Of the thread that writes.
  std::optional<std::filesystem::file_time_type> opened_;  // when the checkpoint in use was written
  Clock::time_point look_at_{};                            // when to look for a newer one

  std::thread thread_;  // last: it uses all above
};

}  // namespace difflm
