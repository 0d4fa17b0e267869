#include "difflm/serve/text_job.h"

#include <algorithm>

namespace difflm {
namespace {

double seconds_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

template <class Item>
std::vector<Item> from_on(const std::vector<Item>& items, size_t from) {
  return {items.begin() + static_cast<std::ptrdiff_t>(std::min(from, items.size())), items.end()};
}

bool is_end(TextJob::State state) { return state != TextJob::State::waiting && state != TextJob::State::running; }

}  // namespace

void TextJob::begin() {
  const std::lock_guard lock(mutex_);
  if (state_ != State::waiting) return;
  state_ = State::running;
  began_ = Clock::now();
  changed_.notify_all();
}

void TextJob::add_event(std::string json) {
  const std::lock_guard lock(mutex_);
  event_bytes_ += static_cast<int64_t>(json.size());
  events_.push_back(std::move(json));
  changed_.notify_all();
}

void TextJob::add_text(const Text& text) {
  const std::lock_guard lock(mutex_);
  texts_.push_back(text);
  changed_.notify_all();
}

void TextJob::finish() {
  const std::lock_guard lock(mutex_);
  if (is_end(state_)) return;
  state_ = State::finished;
  ended_ = Clock::now();
  changed_.notify_all();
}

void TextJob::fail(const RequestError& error) {
  const std::lock_guard lock(mutex_);
  if (is_end(state_)) return;
  state_ = State::failed;
  error_ = error;
  ended_ = Clock::now();
  changed_.notify_all();
}

std::optional<std::vector<Wish>> TextJob::take_wishes() {
  const std::lock_guard lock(mutex_);
  return std::exchange(wishes_, std::nullopt);
}

void TextJob::cancel() {
  const std::lock_guard lock(mutex_);
  if (is_end(state_)) return;
  state_ = State::cancelled;
  ended_ = Clock::now();
  changed_.notify_all();
}

bool TextJob::cancelled() const { return state() == State::cancelled; }

TextJob::State TextJob::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

bool TextJob::ended() const { return is_end(state()); }

void TextJob::steer(std::vector<Wish> wishes) {
  const std::lock_guard lock(mutex_);
  last_wishes_ = wishes;
  wishes_ = std::move(wishes);
}

std::vector<Wish> TextJob::wishes() const {
  const std::lock_guard lock(mutex_);
  return last_wishes_;
}

void TextJob::wait(size_t texts_seen, size_t events_seen, std::chrono::milliseconds limit) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [&] { return texts_.size() > texts_seen || events_.size() > events_seen || is_end(state_); });
}

std::vector<Text> TextJob::texts(size_t from) const {
  const std::lock_guard lock(mutex_);
  return from_on(texts_, from);
}

std::vector<std::string> TextJob::events(size_t from) const {
  const std::lock_guard lock(mutex_);
  return from_on(events_, from);
}

int64_t TextJob::event_bytes() const {
  const std::lock_guard lock(mutex_);
  return event_bytes_;
}

std::optional<RequestError> TextJob::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

double TextJob::seconds() const {
  const std::lock_guard lock(mutex_);
  if (began_ == Clock::time_point{}) return 0;
  return seconds_between(began_, is_end(state_) ? ended_ : Clock::now());
}

void TextJob::follow() {
  const std::lock_guard lock(mutex_);
  ++followers_;
}

void TextJob::leave() {
  const std::lock_guard lock(mutex_);
  if (--followers_ == 0) alone_since_ = Clock::now();
}

double TextJob::seconds_alone() const {
  const std::lock_guard lock(mutex_);
  return followers_ > 0 ? 0 : seconds_between(alone_since_, Clock::now());
}

}  // namespace difflm
