#include "difflm/syntax/tagger.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "difflm/text/words.h"

namespace difflm {
namespace {

constexpr size_t kMostTags = 20;  // of an unseen word

bool ends_a_sentence(const std::string& word) { return word == "." || word == "!" || word == "?"; }

}  // namespace

Tagger::Tagger(TagCounts counts)
    : counts_(std::move(counts)),
      edge_(counts_.tags.size()),
      endings_(counts_.words, edge_),
      emitted_(edge_, 0),
      single_(edge_ + 1, 0),
      after_one_(edge_ + 1, 0) {
  for (const auto& [word, tags] : counts_.words) {
    for (const auto& [tag, times] : tags) emitted_[tag] += times;
  }
  for (const auto& [tags, times] : counts_.trigrams) {
    trigrams_[key(tags[0], tags[1], tags[2])] = times;
    pairs_[key(tags[1], tags[2])] += times;
    after_two_[key(tags[0], tags[1])] += times;
    after_one_[tags[1]] += times;
    single_[tags[2]] += times;
    all_ += times;
  }
  find_mixture();
}

Tagger::Key Tagger::key(size_t first, size_t second, size_t third) const {
  const Key count = edge_ + 1;
  return (first * count + second) * count + third;
}

void Tagger::find_mixture() {
  const auto without_one = [](double part, double whole) { return whole > 1 ? (part - 1) / (whole - 1) : 0; };
  for (const auto& [tags, times] : counts_.trigrams) {
    const std::array<double, 3> foretold = {without_one(single_[tags[2]], all_),
                                            without_one(pairs_.at(key(tags[1], tags[2])), after_one_[tags[1]]),
                                            without_one(times, after_two_.at(key(tags[0], tags[1])))};
    mixture_[static_cast<size_t>(std::max_element(foretold.begin(), foretold.end()) - foretold.begin())] += times;
  }
  for (double& weight : mixture_) weight /= all_;
}

double Tagger::log_transition(size_t before, size_t last, size_t next) const {
  const auto share = [](const std::unordered_map<Key, double>& counts, Key which, double whole) {
    const auto found = counts.find(which);
    return found == counts.end() || whole == 0 ? 0 : found->second / whole;
  };
  const auto whole = after_two_.find(key(before, last));
  const double probability = mixture_[0] * single_[next] / all_ + mixture_[1] * share(pairs_, key(last, next), after_one_[last]) +
                             mixture_[2] * share(trigrams_, key(before, last, next), whole == after_two_.end() ? 0 : whole->second);
  return std::log(std::max(probability, 1e-12));  // a mixture may give a tag's own frequency no weight
}

std::vector<std::vector<Tagger::Candidate>> Tagger::candidates(std::span<const std::string> words) const {
  std::vector<std::vector<Candidate>> all;
  for (size_t at = 0; at < words.size(); ++at) {
    auto found = counts_.words.find(words[at]);
    if (found == counts_.words.end() && is_capitalised(words[at]) && (at == 0 || ends_a_sentence(words[at - 1]))) {
      std::string small = words[at];
      small[0] = static_cast<char>(small[0] - 'A' + 'a');
      found = counts_.words.find(small);
    }
    auto& own = all.emplace_back();
    if (found != counts_.words.end()) {
      for (const auto& [tag, times] : found->second) own.push_back({tag, std::log(times / emitted_[tag])});
      continue;
    }
    const auto probabilities = endings_.tags_of(words[at]);
    for (size_t tag = 0; tag < probabilities.size(); ++tag)
      own.push_back({tag, std::log(probabilities[tag] / emitted_[tag])});  // by Bayes
    const auto likelier = [&](const Candidate& a, const Candidate& b) { return probabilities[a.tag] > probabilities[b.tag]; };
    std::stable_sort(own.begin(), own.end(), likelier);
    if (own.size() > kMostTags) own.resize(kMostTags);
  }
  return all;
}

std::vector<std::string> Tagger::tag(std::span<const std::string> words) const {
  if (words.empty()) return {};
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  const auto own = candidates(words);
  const std::vector<Candidate> edge = {{edge_, 0}};
  const auto at = [&](size_t place) -> const std::vector<Candidate>& {
    return place < 2 ? edge : own[place - 2];
  };              // two edges first
  struct State {  // the last two tags
    double score;
    size_t from;  // which candidate precedes them
  };
  std::vector<std::vector<std::vector<State>>> best = {{}, {{{0, 0}}}};  // [place][candidate before][candidate]
  for (size_t place = 2; place < words.size() + 2; ++place) {
    auto& states = best.emplace_back(at(place - 1).size(), std::vector<State>(at(place).size(), State{kNever, 0}));
    for (size_t last = 0; last < at(place - 1).size(); ++last) {
      for (size_t next = 0; next < at(place).size(); ++next) {
        for (size_t before = 0; before < at(place - 2).size(); ++before) {
          const double score = best[place - 1][before][last].score + at(place)[next].log_emission +
                               log_transition(at(place - 2)[before].tag, at(place - 1)[last].tag, at(place)[next].tag);
          if (score > states[last][next].score) states[last][next] = {score, before};
        }
      }
    }
  }
  const size_t end = words.size() + 1;
  double highest = kNever;
  size_t last = 0;
  size_t next = 0;
  for (size_t before = 0; before < at(end - 1).size(); ++before) {
    for (size_t final = 0; final < at(end).size(); ++final) {
      const double score = best[end][before][final].score + log_transition(at(end - 1)[before].tag, at(end)[final].tag, edge_);
      if (score <= highest) continue;
      highest = score;
      last = before;
      next = final;
    }
  }
  std::vector<std::string> tags(words.size());
  for (size_t place = end; place >= 2; --place) {
    tags[place - 2] = counts_.tags[at(place)[next].tag];
    const size_t from = best[place][last][next].from;
    next = last;
    last = from;
  }
  return tags;
}

double Tagger::log_probability(std::span<const std::string> words, std::span<const std::string> tags) const {
  const auto own = candidates(words);
  double sum = 0;
  size_t before = edge_;
  size_t last = edge_;
  for (size_t at = 0; at < words.size(); ++at) {
    const auto fits = [&](const Candidate& candidate) { return counts_.tags[candidate.tag] == tags[at]; };
    const auto found = std::find_if(own[at].begin(), own[at].end(), fits);
    if (found == own[at].end()) return -std::numeric_limits<double>::infinity();
    sum += found->log_emission + log_transition(before, last, found->tag);
    before = last;
    last = found->tag;
  }
  return sum + log_transition(before, last, edge_);
}

std::optional<Annotation> Tagger::annotate(const std::string& text) { return Annotation{tag(split_words(text)), ""}; }

TaggerAccuracy held_out_accuracy(const std::vector<Document>& documents, const std::string& source) {
  std::vector<Document> nine;
  for (size_t at = 0; at < documents.size(); ++at) {
    if (at % 10 != 9) nine.push_back(documents[at]);
  }
  const TagCounts counts = count_tags(nine, source);
  const Tagger tagger(counts);
  TaggerAccuracy accuracy;
  for (size_t at = 9; at < documents.size(); at += 10) {
    if (documents[at].tags.empty()) continue;
    const auto words = split_words(documents[at].text);
    const auto tags = tagger.tag(words);
    for (size_t word = 0; word < words.size(); ++word) {
      const bool right = tags[word] == documents[at].tags[word];
      const bool seen = counts.words.contains(words[word]);
      accuracy.words += 1;
      accuracy.right += right ? 1 : 0;
      accuracy.unseen += seen ? 0 : 1;
      accuracy.unseen_right += right && !seen ? 1 : 0;
    }
  }
  return accuracy;
}

}  // namespace difflm
