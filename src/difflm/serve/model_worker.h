// One model and the thread that writes with it. Requests wait in a queue with a limit; those that wait with equal settings, and
// only want finished texts, are written as one batch, which takes little longer than one text.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
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

  const std::string& name() const { return run_.name; }

  // The model once it is there. Throws a RequestError: 503 while it is being opened, 500 where it cannot be.
  const Model& model() const;
  const ModelInfo& info() const;

  // Puts `job` into the queue; returns how many are before it. Throws a RequestError, 429, where the queue is full, 503 while the
  // server stops.
  int64_t submit(std::shared_ptr<TextJob> job);

  int64_t waiting() const;

  // Takes no more requests; those that wait or run are still answered.
  void close();

  // Until nothing waits or runs, or the time is over; then the rest is cancelled.
  void drain(std::chrono::milliseconds limit);

 private:
  void work();
  std::vector<std::shared_ptr<TextJob>> next_batch();
  void write(const std::vector<std::shared_ptr<TextJob>>& jobs);
  bool goes_on(const std::vector<std::shared_ptr<TextJob>>& jobs) const;

  ServedRun run_;
  const ServeOptions& options_;
  Counters& counters_;

  mutable std::mutex mutex_;  // of all below
  mutable std::condition_variable changed_;
  std::deque<std::shared_ptr<TextJob>> queue_;
  std::vector<std::shared_ptr<TextJob>> running_;
  std::optional<RequestError> problem_;  // why the model could not be opened
  bool closed_ = false;
  bool ending_ = false;

  std::atomic<bool> ready_ = false;
  std::optional<Model> model_;  // set before ready_
  ModelInfo info_;
  std::thread thread_;  // last: it uses all above
};

}  // namespace difflm
