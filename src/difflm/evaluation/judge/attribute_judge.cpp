#include "difflm/evaluation/judge/attribute_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "difflm/core/error.h"
#include "difflm/corpora/corpus.h"
#include "difflm/text/label.h"
#include "difflm/text/words.h"

namespace difflm {
namespace {

constexpr int64_t kLeastTexts = 10;  // of a label
constexpr double kLeastTrue = 0.9;
constexpr double kMostShared = 0.05;  // of the model's texts; a few short ones are the same in any two corpora
constexpr size_t kLongestPhrase = 4;  // words of a phrase
constexpr size_t kLeastOften = 4;     // texts of a phrase
constexpr double kLeastPure = 0.95;   // share of its texts that have the label
constexpr double kLeastGain = 0.005;  // of the label's texts, that a phrase must explain alone

// Each run of words of the text, once.
std::set<std::string> phrases_of(const std::string& text) {
  const auto words = split_words(text);
  std::set<std::string> all;
  for (size_t first = 0; first < words.size(); ++first) {
    std::string phrase;
    for (size_t count = 0; count < kLongestPhrase && first + count < words.size(); ++count) {
      phrase += (count > 0 ? " " : "") + words[first + count];
      all.insert(phrase);
    }
  }
  return all;
}

double share(int64_t part, int64_t whole) { return static_cast<double>(part) / static_cast<double>(std::max<int64_t>(1, whole)); }

}  // namespace

bool AttributeJudge::Accuracy::is_trusted() const {
  return has >= kLeastTexts && share(found, has) >= kLeastTrue && share(found, said) >= kLeastTrue;
}

AttributeJudge::AttributeJudge(const std::string& path, const Config& config, const std::vector<Document>& training,
                               const std::vector<Document>& held_out) {
  const auto documents = read_corpus({path}, "auto", config);
  std::set<std::string> own;
  for (const auto& document : documents) own.insert(document.text);
  const auto shared = std::count_if(training.begin(), training.end(), [&](const auto& text) { return own.contains(text.text); });
  if (share(shared, static_cast<int64_t>(training.size())) > kMostShared) {
    throw usage_error(
        "attribute-judge",
        fmt::format("{} holds {} of the model's {} training texts, so what is learned from it is no independent judge", path,
                    shared, training.size()),
        "name other texts of the same kind");
  }
  for (const auto& label : frequent_labels(documents, kLeastTexts)) phrases_[to_text(label)];
  if (phrases_.empty()) {
    throw usage_error("attribute-judge", fmt::format("the texts of {} have no attribute that occurs {} times", path, kLeastTexts),
                      kLabelHint);
  }
  learn(documents);
  std::vector<Document> unseen;
  std::copy_if(held_out.begin(), held_out.end(), std::back_inserter(unseen),
               [&](const auto& document) { return !own.contains(document.text); });
  measure(unseen);
}

void AttributeJudge::learn(const std::vector<Document>& documents) {
  std::map<std::string, std::vector<size_t>> texts;  // of each phrase
  std::map<std::string, std::set<size_t>> open;      // texts of each label that no phrase explains yet
  for (size_t at = 0; at < documents.size(); ++at) {
    for (const auto& phrase : phrases_of(documents[at].text)) texts[phrase].push_back(at);
    for (const auto& label : labels_of(documents[at])) {
      if (phrases_.contains(to_text(label))) open[to_text(label)].insert(at);
    }
  }
  std::erase_if(texts, [](const auto& phrase) { return phrase.second.size() < kLeastOften; });
  for (auto& [label, phrases] : phrases_) {
    auto& unexplained = open[label];
    const double least = std::max(2.0, kLeastGain * static_cast<double>(unexplained.size()));
    const auto explains = [&](const auto& phrase) {
      return std::count_if(phrase.second.begin(), phrase.second.end(), [&](size_t at) { return unexplained.contains(at); });
    };
    std::vector<std::pair<std::string, std::vector<size_t>>> pure;
    for (const auto& phrase : texts) {
      if (share(explains(phrase), static_cast<int64_t>(phrase.second.size())) >= kLeastPure) pure.push_back(phrase);
    }
    while (!pure.empty()) {
      // Of equals the shortest: it occurs in more texts than those seen.
      const auto best = std::max_element(pure.begin(), pure.end(), [&](const auto& a, const auto& b) {
        return std::pair(explains(a), b.first.size()) < std::pair(explains(b), a.first.size());
      });
      if (static_cast<double>(explains(*best)) < least) break;
      phrases.insert(best->first);
      for (const size_t at : best->second) unexplained.erase(at);
      pure.erase(best);
    }
  }
}

void AttributeJudge::measure(const std::vector<Document>& held_out) {
  for (const auto& document : held_out) {
    std::set<std::string> has;
    for (const auto& label : labels_of(document)) has.insert(to_text(label));
    for (const auto& [label, phrases] : phrases_) {
      const bool says = expresses(label, document.text);
      Accuracy& accuracy = accuracy_[label];
      accuracy.has += has.contains(label) ? 1 : 0;
      accuracy.said += says ? 1 : 0;
      accuracy.found += says && has.contains(label) ? 1 : 0;
    }
  }
}

bool AttributeJudge::is_trusted(const std::string& label) const {
  const auto found = accuracy_.find(label);
  return found != accuracy_.end() && found->second.is_trusted();
}

bool AttributeJudge::expresses(const std::string& label, const std::string& text) const {
  const auto& phrases = phrases_.at(label);
  const auto own = phrases_of(text);
  return std::any_of(own.begin(), own.end(), [&](const auto& phrase) { return phrases.contains(phrase); });
}

std::string AttributeJudge::summary() const {
  Accuracy all;
  int64_t trusted = 0;
  for (const auto& [label, accuracy] : accuracy_) {
    if (!accuracy.is_trusted()) continue;
    ++trusted;
    all.has += accuracy.has;
    all.found += accuracy.found;
    all.said += accuracy.said;
  }
  return fmt::format(
      "attribute judge: {} of {} labels trusted; of these it finds {:.1f}% in held-out texts, and {:.1f}% of what it finds is "
      "there",
      trusted, accuracy_.size(), 100 * share(all.found, all.has), 100 * share(all.found, all.said));
}

}  // namespace difflm
