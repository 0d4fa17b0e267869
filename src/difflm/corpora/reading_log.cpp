#include "difflm/corpora/reading_log.h"

#include <fmt/format.h>

#include <algorithm>

namespace difflm {
namespace {

constexpr size_t kNamed = 5;           // broken records that are named
constexpr double kLargestShare = 0.2;  // of broken records, above which skipping them is an error

}  // namespace

void ReadingLog::note(const std::string& sentence) {
  if (std::find(sentences_.begin(), sentences_.end(), sentence) == sentences_.end()) sentences_.push_back(sentence);
}

void ReadingLog::count(const std::string& what, size_t count) {
  if (count == 0) return;
  auto found = std::find_if(counts_.begin(), counts_.end(), [&](const auto& entry) { return entry.first == what; });
  if (found == counts_.end()) found = counts_.emplace(counts_.end(), what, 0);
  found->second += count;
}

void ReadingLog::broken(const Error& error) {
  ++broken_count_;
  if (broken_.size() < kNamed) broken_.push_back(error);
}

void ReadingLog::finish() {
  if (broken_count_ == 0) return;
  const Error& first = broken_.front();
  const std::string share = fmt::format("{} of {} records", broken_count_, std::max(records_, broken_count_));
  if (!skip_broken_) {
    const std::string hint = first.hint().empty() ? "" : first.hint() + "; ";
    throw usage_error(
        first.where(),
        broken_count_ == 1 && records_ <= 1 ? first.problem() : fmt::format("{} ({} cannot be read)", first.problem(), share),
        hint + "data.broken=skip leaves such records out, data.corpus chooses another reader");
  }
  if (static_cast<double>(broken_count_) > kLargestShare * static_cast<double>(records_)) {
    throw usage_error(
        first.where(), fmt::format("{} ({} cannot be read, which is too many to skip)", first.problem(), share),
        "the files may be of another format: data.corpus chooses the reader, data.corpus=txt reads anything as plain text");
  }
  std::string named;
  for (const auto& error : broken_) named += fmt::format("{}{}: {}", named.empty() ? "" : "; ", error.where(), error.problem());
  note(fmt::format("left out: {} that cannot be read ({}{})", share, named, broken_count_ > broken_.size() ? "; ..." : ""));
}

std::vector<std::string> ReadingLog::notes() const {
  std::vector<std::string> notes = sentences_;
  for (const auto& [what, count] : counts_) notes.push_back(fmt::format("{}: {}", what, count));
  return notes;
}

}  // namespace difflm
