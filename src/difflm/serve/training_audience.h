// Those who watch a training of this process, whose server ends with it: they ask every two seconds, and are let see its end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace difflm {

class TrainingAudience {
 public:
  // Somebody is being told how far the training is.
  void tell(bool running) {
    const std::lock_guard lock(mutex_);
    last_ = Clock::now();
    told_end_ = told_end_ || !running;
    changed_.notify_all();
  }

  // Where somebody asked within the last moments: waits until one of them has been told the end, or the time is over.
  void let_see_the_end(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    if (last_ == Clock::time_point{} || Clock::now() - last_ > std::chrono::seconds(5)) return;
    changed_.wait_for(lock, limit, [&] { return told_end_; });
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  Clock::time_point last_{};
  bool told_end_ = false;
};

}  // namespace difflm
