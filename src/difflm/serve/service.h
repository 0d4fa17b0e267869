// What the routes share: the models, the requests on their way, and how one is put together from a call's fields.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "difflm/serve/counters.h"
#include "difflm/serve/fields.h"
#include "difflm/serve/http.h"
#include "difflm/serve/model_worker.h"
#include "difflm/serve/serve_options.h"
#include "difflm/serve/text_job.h"
#include "difflm/serve/training_audience.h"

namespace difflm {

// How often a thread that waits for a text looks whether its client is still there.
inline constexpr std::chrono::milliseconds kLook{50};

class Service {
 public:
  explicit Service(const ServeOptions& options);  // begins to open the models

  const ServeOptions& options() const { return options_; }
  const ServeLimits& limits() const { return options_.limits; }
  Counters& counters() { return counters_; }
  TrainingAudience& audience() { return audience_; }
  const std::vector<std::unique_ptr<ModelWorker>>& workers() const { return workers_; }

  // What links to reports have in the place of the key; empty where none is asked for.
  const std::string& report_pass() const { return report_pass_; }

  // The model that the field "model" names, the first one without it. Throws a RequestError, 404, for another name.
  ModelWorker& worker(Fields& fields);
  ModelWorker& worker(const std::string& name);

  // A request as the fields seed, temperature, steps, length and settings say it. Without "seed" one is drawn.
  Request request(Fields& fields);

  // The wishes of "wishes": [{"guide": "keywords", "wish": "cheese"}].
  std::vector<Wish> wishes(Fields& fields);

  // Begins a job; `before` becomes the number of requests before it.
  std::shared_ptr<TextJob> begin(ModelWorker& worker, Request request, TextJob::Watch watch, int64_t* before = nullptr);

  // The one with this id. Throws a RequestError, 404.
  std::shared_ptr<TextJob> job(const std::string& id);

  // Waits until `job` has ended, gives it up where the client goes away, and returns its texts. Throws what went wrong.
  std::vector<Text> finish(TextJob& job, const HttpCall& call);

  void stop();

 private:
  const ServeOptions options_;
  const std::string report_pass_;
  Counters counters_;
  TrainingAudience audience_;
  std::mutex mutex_;  // of jobs_
  std::map<std::string, std::shared_ptr<TextJob>> jobs_;
  std::vector<std::unique_ptr<ModelWorker>> workers_;
};

// Throws the error that ended `job`, if it was one.
void throw_if_failed(const TextJob& job);

}  // namespace difflm
