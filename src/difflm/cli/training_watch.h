// The page's view of a training, served by the process that trains: `difflm train --watch`. Only this machine can see it.
#pragma once

#include <atomic>
#include <future>
#include <optional>
#include <string>
#include <thread>

namespace difflm {

class TrainingWatch {
 public:
  // Serves while it lives. Without `port` it takes 8080 or the next that is free. Throws a failure where it cannot have `port`.
  TrainingWatch(const std::string& folder, std::optional<int> port);

  // Waits up to three seconds, so that whoever watches sees the end.
  ~TrainingWatch();
  TrainingWatch(const TrainingWatch&) = delete;
  TrainingWatch& operator=(const TrainingWatch&) = delete;

  const std::string& address() const { return address_; }

 private:
  std::atomic<bool> stopping_ = false;
  std::string address_;
  std::thread thread_;
};

}  // namespace difflm
