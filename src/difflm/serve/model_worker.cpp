#include "difflm/serve/model_worker.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/serve/step_events.h"

namespace difflm {
namespace {

// Whether the texts of `a` and `b` may be written in one batch.
bool can_share(const TextJob& a, const TextJob& b) {
  const Request& x = a.request();
  const Request& y = b.request();
  const auto plain = [](const TextJob& job) { return job.watch() == TextJob::Watch::texts && job.request().wishes.empty(); };
  return plain(a) && plain(b) && x.length == y.length && x.longest == y.longest && x.steps == y.steps &&
         x.temperature == y.temperature && x.settings == y.settings;
}

}  // namespace

ModelWorker::ModelWorker(ServedRun run, const ServeOptions& options, Counters& counters)
    : run_(std::move(run)), options_(options), counters_(counters), thread_([this] { work(); }) {}

ModelWorker::~ModelWorker() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    ending_ = true;
    for (const auto& job : queue_) job->cancel();
    for (const auto& job : running_) job->cancel();
    changed_.notify_all();
  }
  thread_.join();
}

const Model& ModelWorker::model() const {
  if (ready_) return *model_;
  const std::lock_guard lock(mutex_);
  if (problem_) throw RequestError(*problem_);
  throw RequestError(503, fmt::format("the model {} is being opened", run_.name), "", "ask again in a moment");
}

const ModelInfo& ModelWorker::info() const {
  model();
  return info_;
}

int64_t ModelWorker::submit(std::shared_ptr<TextJob> job) {
  model();
  const std::lock_guard lock(mutex_);
  if (closed_) throw RequestError(503, "the server is stopping");
  std::erase_if(queue_, [](const auto& waiting) { return waiting->ended(); });
  const auto waiting = static_cast<int64_t>(queue_.size());
  if (waiting >= options_.limits.waiting) {
    throw RequestError(429, fmt::format("{} requests wait for {} already", waiting, run_.name), "", "ask again when some are done");
  }
  queue_.push_back(std::move(job));
  changed_.notify_all();
  return waiting + static_cast<int64_t>(running_.size());
}

int64_t ModelWorker::waiting() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int64_t>(queue_.size());
}

void ModelWorker::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

void ModelWorker::drain(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [&] { return queue_.empty() && running_.empty(); });
  for (const auto& job : queue_) job->cancel();
  for (const auto& job : running_) job->cancel();
  changed_.wait_for(lock, limit, [&] { return running_.empty(); });
}

void ModelWorker::work() {
  try {
    model_.emplace(Model::open(run_.folder, options_.settings));
    info_ = model_->info();
    ready_ = true;
  } catch (const RunError& error) {
    const std::lock_guard lock(mutex_);
    problem_.emplace(500, fmt::format("{}: {}", run_.name, error.what()));
    return;
  }
  while (true) {
    const auto jobs = next_batch();
    if (jobs.empty()) return;
    write(jobs);
    const std::lock_guard lock(mutex_);
    running_.clear();
    changed_.notify_all();
  }
}

std::vector<std::shared_ptr<TextJob>> ModelWorker::next_batch() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return ending_ || !queue_.empty(); });
    if (ending_) return {};
    std::erase_if(queue_, [](const auto& job) { return job->ended(); });
    if (queue_.empty()) continue;
    const auto first = queue_.front();
    int64_t texts = 0;
    for (auto job = queue_.begin(); job != queue_.end();) {
      const int64_t more = (*job)->request().count;
      if (*job == first || (texts + more <= options_.limits.parallel && can_share(*first, **job))) {
        texts += more;
        running_.push_back(*job);
        job = queue_.erase(job);
      } else {
        ++job;
      }
    }
    return running_;
  }
}

bool ModelWorker::goes_on(const std::vector<std::shared_ptr<TextJob>>& jobs) const {
  for (const auto& job : jobs) {
    if (job->seconds() > options_.limits.seconds) {
      job->fail(RequestError(503, fmt::format("it has taken longer than {} seconds", options_.limits.seconds), "",
                             "ask for fewer texts or steps"));
    }
    if (job->event_bytes() > options_.limits.kept_bytes) {
      job->fail(RequestError(400, fmt::format("its steps take more than {} MB", options_.limits.kept_bytes >> 20), "",
                             "ask for fewer steps, or for fewer texts at once"));
    }
    const bool watched = job->watch() == TextJob::Watch::steps;
    if (watched && job->seconds_alone() > options_.limits.patience) job->cancel();
  }
  return std::any_of(jobs.begin(), jobs.end(), [](const auto& job) { return !job->ended(); });
}

void ModelWorker::write(const std::vector<std::shared_ptr<TextJob>>& jobs) {
  for (const auto& job : jobs) job->begin();
  counters_.count_batch(run_.name, static_cast<int64_t>(jobs.size()));
  Request request = jobs.front()->request();
  std::vector<std::pair<TextJob*, int64_t>> owners;  // of each text, and its index there
  for (const auto& job : jobs) {
    for (int64_t index = 0; index < job->request().count; ++index) {
      owners.emplace_back(job.get(), index);
      if (jobs.size() > 1) request.keys.push_back({job->request().seed, index});
    }
  }
  StepEvents events(*jobs.front());
  request.on_step = [&](const Snapshot& moment) {
    if (!goes_on(jobs)) return false;
    if (jobs.front()->watch() == TextJob::Watch::steps) events.add(moment);
    return true;
  };
  int64_t written = 0;
  int64_t tokens = 0;
  double evaluations = 0;
  request.on_text = [&](const Text& text) {
    const auto& [job, index] = owners.at(static_cast<size_t>(text.index));
    Text own = text;
    own.index = index;
    job->add_text(own);
    ++written;
    tokens += text.tokens;
    evaluations += text.network_evaluations;
    const bool last = index + 1 == job->request().count;
    if (last && job->watch() == TextJob::Watch::texts) job->finish();
  };
  const auto began = std::chrono::steady_clock::now();
  try {
    model_->sample(request);
    for (const auto& job : jobs) {
      if (job->watch() == TextJob::Watch::steps && !job->ended()) events.add_end();
      job->finish();
    }
  } catch (const RunError& error) {
    for (const auto& job : jobs) job->fail(RequestError(error));
  } catch (const std::exception& error) {
    for (const auto& job : jobs) job->fail(RequestError(500, error.what()));
  }
  counters_.count_texts(run_.name, written, tokens, evaluations,
                        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
}

}  // namespace difflm
