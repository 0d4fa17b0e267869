#include "difflm/serve/model_worker.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/serve/step_events.h"
#include "difflm/serve/training_progress.h"

namespace difflm {
namespace {

constexpr std::chrono::seconds kLookForFirst{1};   // checkpoint,
constexpr std::chrono::seconds kLookForNewer{10};  // and for a newer one

// When the files were written that a model is opened from; nothing where there is no checkpoint.
std::optional<std::filesystem::file_time_type> checkpoint_time(const std::string& folder) {
  std::error_code missing;
  auto newest = std::filesystem::last_write_time(checkpoint_state_path(folder), missing);
  if (missing) return std::nullopt;
  const auto best = std::filesystem::last_write_time(folder + "/best.safetensors", missing);
  return missing ? newest : std::max(newest, best);
}

RequestError being_opened(const std::string& name) {
  return {503, fmt::format("the model {} is being opened", name), "", "ask again in a moment"};
}

std::vector<std::string> settings_of(const ServedRun& run, const ServeOptions& options) {
  std::vector<std::string> settings;
  for (const auto& own : run.classifiers) settings.push_back(fmt::format("control.{}.classifier={}", own.guide, own.folder));
  settings.insert(settings.end(), options.settings.begin(), options.settings.end());
  return settings;
}

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
    : run_(std::move(run)), options_(options), counters_(counters), absence_(being_opened(run_.name)) {
  thread_ = std::thread([this] { work(); });
}

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

ModelWorker::State ModelWorker::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::shared_ptr<const Model> ModelWorker::model() const {
  const std::lock_guard lock(mutex_);
  if (!model_) throw RequestError(absence_);
  return model_;
}

ModelInfo ModelWorker::info() const {
  const std::lock_guard lock(mutex_);
  if (!model_) throw RequestError(absence_);
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
  if (!run_.writes) {
    be_absent(State::training, {503, fmt::format("{} is being trained by this process, which does not write texts", run_.name), "",
                                "serve the run by itself: its texts get better while it is trained"});
    return;
  }
  while (true) {
    if (Clock::now() >= look_at_) open_newer();
    const auto jobs = next_batch();
    if (!jobs.empty()) write(jobs);
    const std::lock_guard lock(mutex_);
    running_.clear();
    changed_.notify_all();
    if (ending_) return;
  }
}

void ModelWorker::open_newer() {
  const auto written = checkpoint_time(run_.folder);
  look_at_ = Clock::now() + (written ? kLookForNewer : kLookForFirst);
  if (!written) {
    be_absent(State::training, {503, fmt::format("{} is in training and has no checkpoint yet", run_.name), "",
                                fmt::format("ask again in a while; GET /v1/training/{} says how far it is", run_.name)});
    return;
  }
  if (written == opened_) return;
  try {
    const auto model = std::make_shared<const Model>(Model::open(run_.folder, settings_of(run_, options_)));
    ModelInfo info = model->info();
    opened_ = written;
    if (!info.base.empty()) {
      be_absent(State::failed, {500, fmt::format("{} holds a model of kind {}, which does not write", run_.name, info.kind)});
      return;
    }
    const std::lock_guard lock(mutex_);
    model_ = model;
    info_ = std::move(info);
    state_ = State::ready;
  } catch (const RunError& error) {  // with a model at hand it is tried again the next time
    be_absent(State::failed, {500, fmt::format("{}: {}", run_.name, error.what())});
  }
}

void ModelWorker::be_absent(State state, RequestError absence) {
  const std::lock_guard lock(mutex_);
  if (model_) return;
  state_ = state;
  absence_ = std::move(absence);
}

std::vector<std::shared_ptr<TextJob>> ModelWorker::next_batch() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait_until(lock, look_at_, [&] { return ending_ || !queue_.empty(); });
    std::erase_if(queue_, [](const auto& job) { return job->ended(); });
    if (ending_ || (queue_.empty() && Clock::now() >= look_at_)) return {};
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
    model()->sample(request);
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
