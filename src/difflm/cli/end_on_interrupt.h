// Ctrl-C in work that cannot be asked to stop and leaves nothing worth keeping, such as the preparation of a corpus.
#pragma once

#include <functional>
#include <string>
#include <thread>

namespace difflm {

// While it lives, Ctrl-C (or SIGTERM, SIGHUP) removes what was made so far, says `message` and ends the process with code 130, in
// the middle of whatever it is doing. A second one ends it at once.
class EndOnInterrupt {
 public:
  // `clean_up` runs on a thread of its own, beside the work.
  EndOnInterrupt(std::string message, std::function<void()> clean_up);
  ~EndOnInterrupt();
  EndOnInterrupt(const EndOnInterrupt&) = delete;
  EndOnInterrupt& operator=(const EndOnInterrupt&) = delete;

 private:
  std::thread watcher_;
};

}  // namespace difflm
