// A request for texts on its way: waiting, being written, finished. The thread that asked and the one that writes meet here.
//
// What happens is kept as a list of events, each a JSON object as text, so that any number of clients can follow, from the
// beginning or from wherever they lost the connection.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "difflm/difflm.h"
#include "difflm/serve/request_error.h"

namespace difflm {

class TextJob {
 public:
  enum class State { waiting, running, finished, failed, cancelled };
  enum class Watch {
    texts,  // only finished texts are asked for; they may be written together with those of other requests
    steps,  // every step is shown
  };

  TextJob(std::string id, Request request, Watch watch) : id_(std::move(id)), request_(std::move(request)), watch_(watch) {}

  const std::string& id() const { return id_; }
  const Request& request() const { return request_; }  // without callbacks
  Watch watch() const { return watch_; }
  std::chrono::steady_clock::time_point created() const { return created_; }

  // ---- Of the thread that writes.
  void begin();
  void add_event(std::string json);
  void add_text(const Text& text);
  void finish();
  void fail(const RequestError& error);
  std::optional<std::vector<Wish>> take_wishes();  // other wishes that somebody has asked for since

  // ---- Of any thread.
  void cancel();
  bool cancelled() const;
  State state() const;
  bool ended() const;
  void steer(std::vector<Wish> wishes);  // from the next step on
  std::vector<Wish> wishes() const;      // as they were asked for last

  // Until there is something beyond `seen` texts and events, or the job has ended, or the time is over.
  void wait(size_t texts_seen, size_t events_seen, std::chrono::milliseconds limit) const;

  std::vector<Text> texts(size_t from = 0) const;      // finished so far
  std::vector<std::string> events(size_t from) const;  // from number `from` on
  int64_t event_bytes() const;                         // of all events
  std::optional<RequestError> error() const;           // of a job that has failed
  double seconds() const;                              // since it began

  // Clients that follow the events; a job that nobody has followed for a while is given up.
  void follow();
  void leave();
  double seconds_alone() const;

 private:
  using Clock = std::chrono::steady_clock;

  const std::string id_;
  const Request request_;
  const Watch watch_;
  const Clock::time_point created_ = Clock::now();

  mutable std::mutex mutex_;  // of all below
  mutable std::condition_variable changed_;
  State state_ = State::waiting;
  std::vector<Text> texts_;
  std::vector<std::string> events_;
  int64_t event_bytes_ = 0;
  std::optional<RequestError> error_;
  std::optional<std::vector<Wish>> wishes_;  // for the writing thread
  std::vector<Wish> last_wishes_ = request_.wishes;
  Clock::time_point began_{};
  Clock::time_point ended_{};
  int followers_ = 0;
  Clock::time_point alone_since_ = created_;
};

}  // namespace difflm
